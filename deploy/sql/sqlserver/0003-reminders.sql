-- Reminders: ../postgresql/0003-reminders.sql in T-SQL. Not run: see README.md.

CREATE TABLE reminders (
    service_id    nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    grain_id      varchar(512)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    reminder_name nvarchar(64)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    grain_hash    int           NOT NULL,
    start_time    datetime2     NOT NULL,
    period_ms     bigint        NOT NULL,
    version       int           NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

CREATE INDEX reminders_by_hash ON reminders (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadReminderRowsKey', N'
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM reminders
WHERE service_id = @ServiceId AND grain_id = @GrainId
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadReminderRowKey', N'
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM reminders
WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadRangeRows1Key', N'
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM reminders
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadRangeRows2Key', N'
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
FROM reminders
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpsertReminderRowKey', N'
SET NOCOUNT ON;
MERGE reminders WITH (HOLDLOCK) AS stored
USING (SELECT @ServiceId AS service_id, @GrainId AS grain_id, @ReminderName AS reminder_name) AS wanted
ON stored.service_id = wanted.service_id AND stored.grain_id = wanted.grain_id AND stored.reminder_name = wanted.reminder_name
WHEN MATCHED THEN
  UPDATE SET grain_hash = @GrainHash, start_time = @StartTime, period_ms = @Period, version = stored.version + 1
WHEN NOT MATCHED THEN
  INSERT (service_id, grain_id, reminder_name, grain_hash, start_time, period_ms, version)
  VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 1)
OUTPUT inserted.version AS Version;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteReminderRowKey', N'
SET NOCOUNT ON;
DELETE FROM reminders
WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version;
SELECT cast(@@ROWCOUNT AS bit) AS Deleted;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteReminderRowsKey', N'
DELETE FROM reminders WHERE service_id = @ServiceId
');
