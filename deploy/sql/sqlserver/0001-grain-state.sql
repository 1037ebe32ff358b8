-- Where grains keep their state: ../postgresql/0001-grain-state.sql in T-SQL. Not run: see README.md.

CREATE TABLE OrleansQuery (
    QueryKey  varchar(64)   NOT NULL PRIMARY KEY,
    QueryText nvarchar(max) NOT NULL
);

CREATE TABLE grain_state (
    id_hash      int    NOT NULL,
    type_hash    int    NOT NULL,
    id_n0        bigint NOT NULL,
    id_n1        bigint NOT NULL,
    id_extension nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL,   -- '' where the key has none
    type         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    service_id   nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version      int    NOT NULL,            -- the entity tag
    payload      varbinary(max),             -- NULL where the state was cleared
    modified_at  bigint NOT NULL             -- Unix time in seconds, for people
);

-- A key with these texts can be longer than an index takes, so the index has the numbers, which are nearly always enough.
CREATE CLUSTERED INDEX grain_state_key ON grain_state (id_hash, type_hash, id_n0, id_n1);
CREATE INDEX grain_state_by_type ON grain_state (type, service_id, id_n0, id_n1);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', N'
SELECT payload AS PayloadBinary, version AS Version
FROM grain_state
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, N'''') AND type = @GrainTypeString AND service_id = @ServiceId
');

-- A writer that knows no version may only insert, one that knows a version may only replace that very version. In every other case no row
-- comes back, which is how Orleans learns of a conflict. The range lock keeps two that insert apart.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', N'
SET NOCOUNT ON;
SET XACT_ABORT ON;
IF @GrainStateVersion IS NULL
  INSERT INTO grain_state (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id, version, payload, modified_at)
  OUTPUT inserted.version AS NewGrainStateVersion
  SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, N''''), @GrainTypeString, @ServiceId,
    1, @PayloadBinary, datediff_big(second, ''1970-01-01'', sysutcdatetime())
  WHERE NOT EXISTS (
    SELECT 1 FROM grain_state WITH (UPDLOCK, HOLDLOCK)
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND id_extension = coalesce(@GrainIdExtensionString, N'''') AND type = @GrainTypeString AND service_id = @ServiceId);
ELSE
  UPDATE grain_state
  SET version = version + 1, payload = @PayloadBinary, modified_at = datediff_big(second, ''1970-01-01'', sysutcdatetime())
  OUTPUT inserted.version AS NewGrainStateVersion
  WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_extension = coalesce(@GrainIdExtensionString, N'''') AND type = @GrainTypeString AND service_id = @ServiceId
    AND version = @GrainStateVersion;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', N'
UPDATE grain_state
SET version = version + 1, payload = NULL, modified_at = datediff_big(second, ''1970-01-01'', sysutcdatetime())
OUTPUT inserted.version AS NewGrainStateVersion
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, N'''') AND type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', N'
DELETE FROM grain_state
OUTPUT deleted.version + 1 AS NewGrainStateVersion
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, N'''') AND type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
');

-- What the silos of a service share and nobody else may know: the key that tickets are signed with.
CREATE TABLE service_secrets (
    service_id nvarchar(128)  NOT NULL,
    name       nvarchar(64)   NOT NULL,
    value      varbinary(256) NOT NULL,
    PRIMARY KEY (service_id, name)
);
