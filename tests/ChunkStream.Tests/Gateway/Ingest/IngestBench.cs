using System.Collections.Concurrent;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway;
using ChunkStream.Gateway.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>One incoming file over a store and a session that note what happens in which order, and hold or fail it.</summary>
internal sealed class IngestBench : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatewayMetrics _metrics;

    public IngestBench(TimeSpan? commitInterval = null, int commitMiB = 64)
    {
        Files = new(this);
        Session = new(this);
        _metrics = ActivatorUtilities.CreateInstance<GatewayMetrics>(_services);
        var plan = new TransferPlan
        {
            TransferId = Guid.NewGuid(),
            SessionId = Guid.NewGuid(),
            FileId = Guid.NewGuid(),
            Direction = TransferDirection.Send,
            Owner = "tester",
            Name = "file",
            Layout = Layout,
            Parity = ParityMode.Full,
            Homes = [],
        };
        var options = new GatewayOptions
        {
            DataDirectory = "",
            Volumes = [],
            CommitInterval = commitInterval ?? TimeSpan.FromMilliseconds(1),
            CommitMiB = commitMiB,
        };
        File = new(plan, new(Layout.ShardCount), Files, Session, options, _metrics, TimeProvider.System, NullLogger<GroupCommit>.Instance);
    }

    /// <summary>200 stripes of 2 + 1 chunks of 64 KiB.</summary>
    public static FileLayout Layout { get; } = new(400L * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 2, 1);

    public NotedShardFiles Files { get; }

    public NotedSession Session { get; }

    public IncomingFile File { get; }

    /// <summary>Everything that happened, in order: <c>written (0, 1)</c>, <c>flushed</c>, <c>recorded (0, 1)</c>, <c>told (0, 1)</c>.</summary>
    public ConcurrentQueue<string> Events { get; } = [];

    // The file doesn't look at the bytes: they were verified before.
    public async Task AcceptAsync(ChunkIndex index, CancellationToken cancellationToken = default) =>
        await File.AcceptAsync(index, Blake3.Hash([1]), new byte[Layout.LengthOf(index)], cancellationToken);

    public static string Name(ChunkSet chunks) => string.Join(" ", Core.Layout.Layouts.Members(chunks).Order());

    public async ValueTask DisposeAsync()
    {
        Files.Heal();
        Session.Heal();
        await File.DisposeAsync();
        _metrics.Dispose();
        await _services.DisposeAsync();
    }
}
