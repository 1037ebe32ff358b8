using ChunkStream.Cluster.PostgreSql;

namespace ChunkStream.Cluster;

/// <summary>A server for those tests that stop it.</summary>
public sealed class FaultyServer : IDisposable
{
    public PostgreSqlServer Server { get; } = new();

    public void Dispose() => Server.Dispose();
}
