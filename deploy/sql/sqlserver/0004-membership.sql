-- Membership: ../postgresql/0004-membership.sql in T-SQL, which says what it is about. Not run: see README.md.

CREATE TABLE cluster_versions (
    cluster_id nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    version    int NOT NULL
);

CREATE TABLE cluster_silos (
    cluster_id      nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    address         varchar(45)   COLLATE Latin1_General_100_BIN2 NOT NULL,
    port            int           NOT NULL,
    generation      int           NOT NULL,
    silo_name       nvarchar(128) NOT NULL,
    host_name       nvarchar(256) NOT NULL,
    status          int           NOT NULL,
    proxy_port      int           NOT NULL,
    suspect_times   nvarchar(max),
    start_time      datetime2     NOT NULL,
    i_am_alive_time datetime2     NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipVersionKey', N'
SET NOCOUNT ON;
INSERT INTO cluster_versions (cluster_id, version)
SELECT @DeploymentId, 0
WHERE NOT EXISTS (SELECT 1 FROM cluster_versions WITH (UPDLOCK, HOLDLOCK) WHERE cluster_id = @DeploymentId);
SELECT cast(@@ROWCOUNT AS bit) AS Added;
');

-- Both changes, or none.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipKey', N'
SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @added bit = 0;
BEGIN TRANSACTION;
UPDATE cluster_versions SET version = version + 1
WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (
  SELECT 1 FROM cluster_silos
  WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation);
IF @@ROWCOUNT = 1
BEGIN
  INSERT INTO cluster_silos
    (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
  VALUES (@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime);
  SET @added = 1;
END
COMMIT;
SELECT @added AS Added;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateMembershipKey', N'
SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @changed bit = 0;
BEGIN TRANSACTION;
UPDATE cluster_versions SET version = version + 1
WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (
  SELECT 1 FROM cluster_silos
  WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation);
IF @@ROWCOUNT = 1
BEGIN
  UPDATE cluster_silos SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
  WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation;
  SET @changed = 1;
END
COMMIT;
SELECT @changed AS Changed;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateIAmAlivetimeKey', N'
UPDATE cluster_silos SET i_am_alive_time = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadRowKey', N'
SELECT v.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
  s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
  s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
FROM cluster_versions v
LEFT JOIN cluster_silos s
  ON s.cluster_id = v.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE v.cluster_id = @DeploymentId
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadAllKey', N'
SELECT v.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
  s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
  s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
FROM cluster_versions v
LEFT JOIN cluster_silos s ON s.cluster_id = v.cluster_id
WHERE v.cluster_id = @DeploymentId
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('GatewaysQueryKey', N'
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM cluster_silos
WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteMembershipTableEntriesKey', N'
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId;
DELETE FROM cluster_versions WHERE cluster_id = @DeploymentId;
COMMIT;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntriesKey', N'
DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId AND status = 6 AND i_am_alive_time < @IAmAliveTime
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntryKey', N'
DELETE FROM cluster_silos
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
  AND start_time = @StartTime AND i_am_alive_time = @IAmAliveTime
  AND (suspect_times = @SuspectTimes OR suspect_times IS NULL AND @SuspectTimes IS NULL)
');
