-- ../postgresql/0006-transfers-by-age.sql in T-SQL, which says what it is about. Not run: see README.md.

CREATE INDEX transfers_by_age ON transfers (state, updated_at, id);
