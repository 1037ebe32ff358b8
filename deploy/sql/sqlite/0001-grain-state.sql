-- Where grains keep their state.
--
-- Orleans' ADO.NET storage brings no schema: it reads the statements that it runs from OrleansQuery and binds their parameters by
-- name. The names of that table, of its keys, of the parameters and of the answered columns are Orleans' contract; all else is ours.

CREATE TABLE OrleansQuery (
    QueryKey  TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
);

-- A rowid table: a payload can be a megabyte, and the key's index stays small beside it.
CREATE TABLE grain_state (
    id_hash      INTEGER NOT NULL,
    type_hash    INTEGER NOT NULL,
    id_n0        INTEGER NOT NULL,
    id_n1        INTEGER NOT NULL,
    id_extension TEXT    NOT NULL,   -- '' where the key has none, because NULLs are distinct in a unique index
    type         TEXT    NOT NULL,
    service_id   TEXT    NOT NULL,
    version      INTEGER NOT NULL,   -- the entity tag
    payload      BLOB,               -- NULL where the state was cleared
    modified_at  INTEGER NOT NULL    -- Unix time in seconds, for people
);

CREATE UNIQUE INDEX grain_state_key ON grain_state (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version
FROM grain_state
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = ifnull(@GrainIdExtensionString, '''') AND type = @GrainTypeString AND service_id = @ServiceId
');

-- One statement, hence atomic. A writer that knows no version may only insert; one that knows a version may only replace that very
-- version. In every other case no row comes back, which is how Orleans learns of a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
INSERT INTO grain_state (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id, version, payload, modified_at)
SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, ifnull(@GrainIdExtensionString, ''''), @GrainTypeString, @ServiceId,
  1, @PayloadBinary, unixepoch()
WHERE @GrainStateVersion IS NULL OR EXISTS (
  SELECT 1 FROM grain_state
  WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_extension = ifnull(@GrainIdExtensionString, '''') AND type = @GrainTypeString AND service_id = @ServiceId)
ON CONFLICT (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id) DO UPDATE
  SET version = version + 1, payload = excluded.payload, modified_at = excluded.modified_at
  WHERE version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', '
UPDATE grain_state SET version = version + 1, payload = NULL, modified_at = unixepoch()
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = ifnull(@GrainIdExtensionString, '''') AND type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', '
DELETE FROM grain_state
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = ifnull(@GrainIdExtensionString, '''') AND type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion
');
