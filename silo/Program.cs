using ChunkStream.Silo.Sqlite;

using var database = new SqliteStateDataSource(args[0]);
SqliteSchema.Apply(database);
