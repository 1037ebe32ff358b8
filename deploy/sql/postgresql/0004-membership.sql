-- Membership: which silos there are, and which of them live. A change of one silo's row is also a change of the cluster's version, or
-- doesn't happen: of two silos that decide from the same picture, only the first may write. Keys, parameters and answered columns are
-- Orleans' contract; Orleans calls a cluster a deployment here.

CREATE TABLE cluster_versions (
    cluster_id text COLLATE "C" NOT NULL PRIMARY KEY,
    version    integer NOT NULL
);

CREATE TABLE cluster_silos (
    cluster_id      text COLLATE "C" NOT NULL,
    address         text COLLATE "C" NOT NULL,
    port            integer     NOT NULL,
    generation      integer     NOT NULL,   -- tells a silo from its predecessor at the same address
    silo_name       text        NOT NULL,
    host_name       text        NOT NULL,
    status          integer     NOT NULL,   -- Orleans' SiloStatus: 3 active, 6 dead
    proxy_port      integer     NOT NULL,   -- where clients connect; 0: not here
    suspect_times   text,
    start_time      timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipVersionKey', $sql$
WITH added AS (
  INSERT INTO cluster_versions (cluster_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*) > 0 AS Added FROM added
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipKey', $sql$
WITH moved AS (
  UPDATE cluster_versions SET version = version + 1
  WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (
    SELECT 1 FROM cluster_silos
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
  RETURNING 1),
added AS (
  INSERT INTO cluster_silos
    (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
  SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved
  RETURNING 1)
SELECT count(*) > 0 AS Added FROM added
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateMembershipKey', $sql$
WITH moved AS (
  UPDATE cluster_versions SET version = version + 1
  WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (
    SELECT 1 FROM cluster_silos
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
  RETURNING 1),
changed AS (
  UPDATE cluster_silos SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
  FROM moved
  WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
  RETURNING 1)
SELECT count(*) > 0 AS Changed FROM changed
$sql$);

-- Says that a silo lives; no change of the cluster.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateIAmAlivetimeKey', $sql$
UPDATE cluster_silos SET i_am_alive_time = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$sql$);

-- The cluster's version comes back even where there is no silo.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadRowKey', $sql$
SELECT v.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
  s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
  s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
FROM cluster_versions v
LEFT JOIN cluster_silos s
  ON s.cluster_id = v.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE v.cluster_id = @DeploymentId
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadAllKey', $sql$
SELECT v.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
  s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
  s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
FROM cluster_versions v
LEFT JOIN cluster_silos s ON s.cluster_id = v.cluster_id
WHERE v.cluster_id = @DeploymentId
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('GatewaysQueryKey', $sql$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM cluster_silos
WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteMembershipTableEntriesKey', $sql$
WITH silos AS (DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId)
DELETE FROM cluster_versions WHERE cluster_id = @DeploymentId
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntriesKey', $sql$
DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId AND status = 6 AND i_am_alive_time < @IAmAliveTime
$sql$);

-- Only the row that was looked at: a silo that voted or was heard of since keeps it.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntryKey', $sql$
DELETE FROM cluster_silos
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
  AND start_time = @StartTime AND i_am_alive_time = @IAmAliveTime AND suspect_times IS NOT DISTINCT FROM @SuspectTimes
$sql$);
