-- ../postgresql/0005-path-counters.sql in T-SQL, which says what it is about. Not run: see README.md.

ALTER TABLE paths ALTER COLUMN loss_rate float NULL;
ALTER TABLE paths ADD
    received_bytes   bigint NOT NULL DEFAULT 0,
    received_chunks  bigint NOT NULL DEFAULT 0,
    resent_chunks    bigint NOT NULL DEFAULT 0,
    hedged_chunks    bigint NOT NULL DEFAULT 0,
    cancelled_chunks bigint NOT NULL DEFAULT 0,
    connections      bigint NOT NULL DEFAULT 0;
