using System.Security.Cryptography;
using ChunkStream.Cluster.PostgreSql;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Cluster;

/// <summary>Two silos and a frontend as processes of their own, which find one another through the database.</summary>
public sealed class ClusterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chunkstream-cluster-").FullName;
    private readonly PostgreSqlTestDatabase _database;
    private readonly ServiceProcess _first, _second, _frontend;

    public ClusterTests()
    {
        _database = PostgreSqlServer.Shared.DatabaseFor(_folder);
        string connectionString = _database.Options.ConnectionString;
        _first = ServiceProcess.Silo(Path.Combine(_folder, "first"), connectionString);
        _second = ServiceProcess.Silo(Path.Combine(_folder, "second"), connectionString);
        _frontend = ServiceProcess.Frontend(Path.Combine(_folder, "frontend"), connectionString);
    }

    public void Dispose()
    {
        _frontend.Dispose();
        _first.Dispose();
        _second.Dispose();
        _database.Delete();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Silos_that_share_a_database_are_one_service()
    {
        // All at once, on an empty database: whoever is first makes the schema, and the frontend waits for a silo.
        _frontend.Start();
        _first.Start();
        _second.Start();
        await _first.ReadyAsync();
        await _second.ReadyAsync();
        await _frontend.ReadyAsync();
        Assert.Equal(2, ActiveSilos());

        ChunkStreamClient client = Client();
        string source = Path.Combine(_folder, "source");
        File.WriteAllBytes(source, RandomNumberGenerator.GetBytes(3 << 20));
        await Eventually.GetAsync("both gateways", () => client.Control.ListGatewaysAsync(default), gateways => gateways.Count == 2);
        SendResult[] sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => client.SendAsync(source, new() { Name = $"file-{i}" })));
        foreach (SendResult result in sent)
        {
            string back = Path.Combine(_folder, $"back-{result.FileId:N}");
            await client.ReceiveAsync(result.FileId, back);
            Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(back));
        }

        // One is killed and comes back: its successor at the same address declares it dead, and nothing that was told is gone.
        _first.Kill();
        _first.Start();
        await _first.ReadyAsync();
        await Eventually.TrueAsync("the killed silo to be back", () => ActiveSilos() == 2);
        await AllAreCompletedAsync(client, sent);

        // One leaves in good order: the other answers for everything.
        Assert.Equal(0, await _second.StopAsync());
        Assert.Equal(1, ActiveSilos());
        await AllAreCompletedAsync(client, sent);
        await Eventually.GetAsync("one gateway", () => client.Control.ListGatewaysAsync(default), gateways => gateways.Count == 1);
        Guid last = (await client.SendAsync(source, new() { Name = "last" })).FileId;
        await client.ReceiveAsync(last, Path.Combine(_folder, "last"));
        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(Path.Combine(_folder, "last")));
    }

    private ChunkStreamClient Client() =>
        new(new HttpControlPlane(_frontend.Url, File.ReadAllText(Path.Combine(_folder, "frontend", "api-key")).Trim()), new() { Transport = TransportChoice.Tls });

    private static async Task AllAreCompletedAsync(ChunkStreamClient client, SendResult[] sent)
    {
        foreach (SendResult result in sent)
        {
            // While grains move, a call may fail; it is never answered wrongly.
            StoredFile file = await Eventually.GetAsync($"the file {result.FileId}", async () =>
            {
                try
                {
                    return await client.Control.GetFileAsync(result.FileId, default);
                }
                catch (ChunkStreamException exception) when (exception.IsTransient)
                {
                    return null;
                }
            }, file => file is not null) ?? throw new InvalidOperationException();
            Assert.Equal(result.Blake3, file.Blake3);
        }
        Page<Transfer> page = await client.Control.ListTransfersAsync(new(TransferState.Completed), default);
        Assert.Superset(sent.Select(result => result.FileId).ToHashSet(), page.Items.Select(transfer => transfer.FileId).ToHashSet());
    }

    private int ActiveSilos() => _database.Query("SELECT address FROM cluster_silos WHERE status = 3").Count;
}
