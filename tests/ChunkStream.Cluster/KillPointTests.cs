using System.Security.Cryptography;
using ChunkStream.Cluster.PostgreSql;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Silo.Database;
using Xunit;

namespace ChunkStream.Cluster;

/// <summary>
/// The service killed between any two of written, flushed, recorded, told. What was told as committed is neither lost nor sent again nor
/// rebuilt, and the transfer completes.
/// </summary>
public sealed class KillPointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chunkstream-killed-").FullName;
    private PostgreSqlTestDatabase? _database;

    public void Dispose()
    {
        _database?.Delete();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string, bool> Cases()
    {
        TheoryData<string, bool> cases = [];
        foreach (string point in (string[])["written:40", "flushed:2", "recording:3", "recorded:3", "flushing:3"])
        {
            cases.Add(point, false);
            cases.Add(point, true);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_that_was_told_is_lost(string killPoint, bool onPostgreSql)
    {
        DatabaseOptions database = onPostgreSql ? (_database = PostgreSqlServer.Shared.DatabaseFor(_folder)).Options : new();
        string data = Path.Combine(_folder, "data"), source = Path.Combine(_folder, "source"), back = Path.Combine(_folder, "back");
        File.WriteAllBytes(source, RandomNumberGenerator.GetBytes(12 << 20));
        using ServiceProcess service = ServiceProcess.ToBeKilled(data, database);
        service.Start($"--KillAt={killPoint}");
        await service.ReadyAsync();

        ChunkStreamClient client = new(new HttpControlPlane(service.Url, File.ReadAllText(Path.Combine(data, "api-key")).Trim()), new() { Transport = TransportChoice.Tls });
        LastTold told = new();
        Task<SendResult> sending = client.SendAsync(source, new() { ChunkBytes = 64 * 1024 }, told);
        Assert.NotEqual(0, await service.ExitAsync());
        Assert.False(sending.IsCompleted);
        long toldBytes = told.CommittedBytes;

        service.Start();
        await service.ReadyAsync();
        Transfer transfer = Assert.Single((await client.Control.ListTransfersAsync(new(), default)).Items);
        Assert.True((await client.Control.GetTransferAsync(transfer.Id, default)).CommittedBytes >= toldBytes);
        SendResult sent = await sending.WaitAsync(TimeSpan.FromMinutes(1));
        transfer = await client.Control.GetTransferAsync(transfer.Id, default);
        Assert.Equal((TransferState.Completed, 0), (transfer.State, transfer.RebuiltChunks));
        await client.ReceiveAsync(sent.FileId, back);
        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(back));
    }

    private sealed class LastTold : IProgress<TransferProgress>
    {
        private long _committedBytes;

        public long CommittedBytes => Volatile.Read(ref _committedBytes);

        public void Report(TransferProgress value) => Volatile.Write(ref _committedBytes, value.CommittedBytes);
    }
}
