-- Cleaning up looks at the transfers of every owner: those in one state, the ones that haven't changed for longest first.

CREATE INDEX transfers_by_age ON transfers (state, updated_at, id);
