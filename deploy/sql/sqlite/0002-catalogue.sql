-- The catalogue: what listings read. Grains own the truth and keep these rows true by upserts that may come twice or late: a row's
-- revision only grows. Ids are 32 hex digits of a version 7 UUID, so that their order is the order of creation; enumerations are
-- their numbers; times are Unix milliseconds.

CREATE TABLE transfers (
    id              TEXT    NOT NULL PRIMARY KEY,
    revision        INTEGER NOT NULL,
    owner           TEXT    NOT NULL,
    session_id      TEXT    NOT NULL,
    file_id         TEXT    NOT NULL,
    direction       INTEGER NOT NULL,   -- 0 send, 1 receive
    state           INTEGER NOT NULL,   -- 0 idle, 1 preparing, 2 transferring, 3 paused, 4 completing, 5 completed, 6 failed
    name            TEXT    NOT NULL,
    size_bytes      INTEGER NOT NULL,
    chunk_bytes     INTEGER NOT NULL,
    data_shards     INTEGER NOT NULL,
    parity_shards   INTEGER NOT NULL,
    priority        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    committed_chunks INTEGER NOT NULL,
    committed_bytes INTEGER NOT NULL,
    content_hash    TEXT,               -- 64 hex digits
    failure_code    INTEGER NOT NULL,
    failure_message TEXT,
    rebuilt_chunks  INTEGER NOT NULL,
    unsettled       INTEGER NOT NULL    -- 1 while the grain has work to do that nobody waits for
);

-- One index for each combination of filters, ending with the id, which is the cursor: a page is one range, whatever the filter.
CREATE INDEX transfers_by_owner ON transfers (owner, id);
CREATE INDEX transfers_by_state ON transfers (owner, state, id);
CREATE INDEX transfers_by_direction ON transfers (owner, direction, id);
CREATE INDEX transfers_by_state_and_direction ON transfers (owner, state, direction, id);
CREATE INDEX transfers_unsettled ON transfers (id) WHERE unsettled = 1;

CREATE TABLE files (
    id              TEXT    NOT NULL PRIMARY KEY,
    revision        INTEGER NOT NULL,
    owner           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    size_bytes      INTEGER NOT NULL,
    chunk_bytes     INTEGER NOT NULL,
    data_shards     INTEGER NOT NULL,
    parity_shards   INTEGER NOT NULL,
    content_hash    TEXT    NOT NULL,
    manifest_digest TEXT    NOT NULL,
    homes           TEXT    NOT NULL,   -- JSON: [gateway, volume] for each shard
    health          INTEGER NOT NULL,   -- 0 healthy, 1 degraded, 2 lost
    created_at      INTEGER NOT NULL,
    deleted         INTEGER NOT NULL,   -- 1 where the file is no longer listed
    unsettled       INTEGER NOT NULL    -- 1 while its chunks are still to be dropped
);

CREATE INDEX files_by_owner ON files (owner, id) WHERE deleted = 0;
CREATE INDEX files_unsettled ON files (id) WHERE unsettled = 1;

CREATE TABLE paths (
    owner            TEXT    NOT NULL,
    key              TEXT    NOT NULL,
    status           INTEGER NOT NULL,  -- 0 active, 1 degraded, 2 failed
    round_trip_us    INTEGER NOT NULL,  -- microseconds
    bytes_per_second REAL    NOT NULL,
    loss_rate        REAL    NOT NULL,
    bytes            INTEGER NOT NULL,
    chunks           INTEGER NOT NULL,
    failures         INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
);
