-- Where grains keep their state: what ../sqlite/0001-grain-state.sql says, in PostgreSQL's words.
--
-- Orleans' ADO.NET storage brings no schema: it reads the statements that it runs from OrleansQuery and binds their parameters by
-- name. The names of that table, of its keys, of the parameters and of the answered columns are Orleans' contract; all else is ours.

CREATE TABLE OrleansQuery (
    QueryKey  text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

-- Rows are replaced all the time: room in each page keeps a new version beside the old one, and the index as it is.
CREATE TABLE grain_state (
    id_hash      integer NOT NULL,
    type_hash    integer NOT NULL,
    id_n0        bigint  NOT NULL,
    id_n1        bigint  NOT NULL,
    id_extension text COLLATE "C" NOT NULL,   -- '' where the key has none, because NULLs are distinct in a unique index
    type         text COLLATE "C" NOT NULL,
    service_id   text COLLATE "C" NOT NULL,
    version      integer NOT NULL,            -- the entity tag
    payload      bytea,                       -- NULL where the state was cleared
    modified_at  bigint  NOT NULL,            -- Unix time in seconds, for people
    CONSTRAINT grain_state_key UNIQUE (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

-- The check that compares the catalogue with what grains keep walks one type of state after the other.
CREATE INDEX grain_state_by_type ON grain_state (type, service_id, id_n0, id_n1);

-- A large payload is a session's intervals, which hardly compress, and is written again and again.
ALTER TABLE grain_state ALTER COLUMN payload SET STORAGE EXTERNAL;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', $sql$
SELECT payload AS PayloadBinary, version AS Version
FROM grain_state
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
$sql$);

-- One statement, hence atomic. A writer that knows no version may only insert; one that knows a version may only replace that very
-- version. In every other case no row comes back, which is how Orleans learns of a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', $sql$
INSERT INTO grain_state AS stored (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id, version, payload, modified_at)
SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId,
  1, @PayloadBinary, extract(epoch FROM now())::bigint
WHERE @GrainStateVersion IS NULL OR EXISTS (
  SELECT 1 FROM grain_state
  WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_extension = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId)
ON CONFLICT ON CONSTRAINT grain_state_key DO UPDATE
  SET version = stored.version + 1, payload = excluded.payload, modified_at = excluded.modified_at
  WHERE stored.version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', $sql$
UPDATE grain_state SET version = version + 1, payload = NULL, modified_at = extract(epoch FROM now())::bigint
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', $sql$
DELETE FROM grain_state
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion
$sql$);

-- What the silos of a service share and nobody else may know: the key that tickets are signed with.
CREATE TABLE service_secrets (
    service_id text  NOT NULL,
    name       text  NOT NULL,
    value      bytea NOT NULL,
    PRIMARY KEY (service_id, name)
);
