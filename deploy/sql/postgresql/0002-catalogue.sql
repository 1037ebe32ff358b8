-- The catalogue: what listings read. Grains own the truth and keep these rows true by upserts that may come twice or late: a row's
-- revision only grows. Ids are 32 hex digits of a version 7 UUID, so that their order is the order of creation; enumerations are
-- their numbers; times are Unix milliseconds. Text is compared byte by byte, so that prefixes and ids are ranges of an index.

CREATE TABLE transfers (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    revision        bigint  NOT NULL,
    owner           text COLLATE "C" NOT NULL,
    session_id      text    NOT NULL,
    file_id         text    NOT NULL,
    direction       integer NOT NULL,   -- 0 send, 1 receive
    state           integer NOT NULL,   -- 0 idle, 1 preparing, 2 transferring, 3 paused, 4 completing, 5 completed, 6 failed
    name            text COLLATE "C" NOT NULL,
    size_bytes      bigint  NOT NULL,
    chunk_bytes     integer NOT NULL,
    data_shards     integer NOT NULL,
    parity_shards   integer NOT NULL,
    priority        integer NOT NULL,   -- 0 high, 1 normal, 2 low
    created_at      bigint  NOT NULL,
    updated_at      bigint  NOT NULL,
    committed_chunks bigint NOT NULL,
    committed_bytes bigint  NOT NULL,
    content_hash    text,               -- 64 hex digits
    failure_code    integer NOT NULL,
    failure_message text,
    rebuilt_chunks  bigint  NOT NULL,
    unsettled       integer NOT NULL    -- 1 while the grain has work to do that nobody waits for
) WITH (fillfactor = 80);

-- Each ends with the page's order, newest first or by name. Where a filter leaves a column of the middle open, the page is merged from
-- one range for each value of it: there are few.
CREATE INDEX transfers_by_owner ON transfers (owner, id);
CREATE INDEX transfers_by_kind ON transfers (owner, state, direction, priority, id);
CREATE INDEX transfers_by_name ON transfers (owner, name, id);
CREATE INDEX transfers_by_kind_and_name ON transfers (owner, state, direction, priority, name, id);
CREATE INDEX transfers_unsettled ON transfers (id) WHERE unsettled = 1;

CREATE TABLE files (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    revision        bigint  NOT NULL,
    owner           text COLLATE "C" NOT NULL,
    name            text COLLATE "C" NOT NULL,
    size_bytes      bigint  NOT NULL,
    chunk_bytes     integer NOT NULL,
    data_shards     integer NOT NULL,
    parity_shards   integer NOT NULL,
    content_hash    text    NOT NULL,
    manifest_digest text    NOT NULL,
    homes           text    NOT NULL,   -- JSON: [gateway, volume] for each shard
    health          integer NOT NULL,   -- 0 healthy, 1 degraded, 2 lost
    created_at      bigint  NOT NULL,
    deleted         integer NOT NULL,   -- 1 where the file is no longer listed
    unsettled       integer NOT NULL    -- 1 while its chunks are still to be dropped
);

CREATE INDEX files_by_owner ON files (owner, id) WHERE deleted = 0;
CREATE INDEX files_by_name ON files (owner, name, id) WHERE deleted = 0;
CREATE INDEX files_unsettled ON files (id) WHERE unsettled = 1;

CREATE TABLE paths (
    owner            text COLLATE "C" NOT NULL,
    key              text COLLATE "C" NOT NULL,
    status           integer NOT NULL,  -- 0 active, 1 degraded, 2 failed
    round_trip_us    bigint  NOT NULL,  -- microseconds
    bytes_per_second double precision NOT NULL,
    loss_rate        double precision NOT NULL,
    bytes            bigint  NOT NULL,
    chunks           bigint  NOT NULL,
    failures         bigint  NOT NULL,
    updated_at       bigint  NOT NULL,
    PRIMARY KEY (owner, key)
);
