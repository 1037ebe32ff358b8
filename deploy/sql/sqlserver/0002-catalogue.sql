-- The catalogue: ../postgresql/0002-catalogue.sql in T-SQL, which says what the columns mean. Not run: see README.md.

CREATE TABLE transfers (
    id               char(32)       COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL PRIMARY KEY,
    revision         bigint         NOT NULL,
    owner            varchar(256)   COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    session_id       char(32)       NOT NULL,
    file_id          char(32)       NOT NULL,
    direction        int            NOT NULL,
    state            int            NOT NULL,
    name             varchar(4096)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    size_bytes       bigint         NOT NULL,
    chunk_bytes      int            NOT NULL,
    data_shards      int            NOT NULL,
    parity_shards    int            NOT NULL,
    priority         int            NOT NULL,
    created_at       bigint         NOT NULL,
    updated_at       bigint         NOT NULL,
    committed_chunks bigint         NOT NULL,
    committed_bytes  bigint         NOT NULL,
    content_hash     char(64),
    failure_code     int            NOT NULL,
    failure_message  nvarchar(1024),
    rebuilt_chunks   bigint         NOT NULL,
    unsettled        int            NOT NULL,
    -- An index takes 1,700 bytes: the beginning of a name is in it, and the name itself decides.
    name_start       AS cast(left(name, 400) AS varchar(1200)) PERSISTED
);

CREATE INDEX transfers_by_owner ON transfers (owner, id);
CREATE INDEX transfers_by_kind ON transfers (owner, state, direction, priority, id);
CREATE INDEX transfers_by_name ON transfers (owner, name_start, id);
CREATE INDEX transfers_by_kind_and_name ON transfers (owner, state, direction, priority, name_start, id);
CREATE INDEX transfers_unsettled ON transfers (id) WHERE unsettled = 1;

CREATE TABLE files (
    id              char(32)       COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL PRIMARY KEY,
    revision        bigint         NOT NULL,
    owner           varchar(256)   COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    name            varchar(4096)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    size_bytes      bigint         NOT NULL,
    chunk_bytes     int            NOT NULL,
    data_shards     int            NOT NULL,
    parity_shards   int            NOT NULL,
    content_hash    char(64)       NOT NULL,
    manifest_digest char(64)       NOT NULL,
    homes           nvarchar(max)  NOT NULL,
    health          int            NOT NULL,
    created_at      bigint         NOT NULL,
    deleted         int            NOT NULL,
    unsettled       int            NOT NULL,
    name_start      AS cast(left(name, 400) AS varchar(1200)) PERSISTED
);

CREATE INDEX files_by_owner ON files (owner, id) WHERE deleted = 0;
CREATE INDEX files_by_name ON files (owner, name_start, id) WHERE deleted = 0;
CREATE INDEX files_unsettled ON files (id) WHERE unsettled = 1;

CREATE TABLE paths (
    owner            varchar(256) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    [key]            varchar(512) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    status           int    NOT NULL,
    round_trip_us    bigint NOT NULL,
    bytes_per_second float  NOT NULL,
    loss_rate        float  NOT NULL,
    bytes            bigint NOT NULL,
    chunks           bigint NOT NULL,
    failures         bigint NOT NULL,
    updated_at       bigint NOT NULL,
    PRIMARY KEY (owner, [key])
);
