-- More is counted of each path, and a loss that can't be known (as over QUIC) is NULL, where it was 0.

CREATE TABLE paths_with_counters (
    owner            TEXT    NOT NULL,
    key              TEXT    NOT NULL,
    status           INTEGER NOT NULL,  -- 0 active, 1 degraded, 2 failed
    round_trip_us    INTEGER NOT NULL,  -- microseconds
    bytes_per_second REAL    NOT NULL,
    loss_rate        REAL,
    bytes            INTEGER NOT NULL,  -- both directions
    chunks           INTEGER NOT NULL,
    failures         INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    received_bytes   INTEGER NOT NULL DEFAULT 0,   -- of these, to clients
    received_chunks  INTEGER NOT NULL DEFAULT 0,
    resent_chunks    INTEGER NOT NULL DEFAULT 0,
    hedged_chunks    INTEGER NOT NULL DEFAULT 0,
    cancelled_chunks INTEGER NOT NULL DEFAULT 0,
    connections      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, key)
);

INSERT INTO paths_with_counters (owner, key, status, round_trip_us, bytes_per_second, loss_rate, bytes, chunks, failures, updated_at)
SELECT owner, key, status, round_trip_us, bytes_per_second, loss_rate, bytes, chunks, failures, updated_at FROM paths;

DROP TABLE paths;
ALTER TABLE paths_with_counters RENAME TO paths;
