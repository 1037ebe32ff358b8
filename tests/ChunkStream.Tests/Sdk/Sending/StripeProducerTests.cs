using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Sending;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Sdk.Sending;
using ChunkStream.Tests.Cli;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Sending;

/// <summary>The splitter: a file of any size becomes chunks, coded and hashed, in constant memory.</summary>
[Collection(MeasuredAloneCollection.Name)]
public sealed class StripeProducerTests
{
    private const int WindowMiB = 32;
    private const long MiB = 1024 * 1024;

    // Holes are read fastest where no disk's cache has to hold them.
    private static readonly string Memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    [Fact]
    public async Task Eight_gibibytes_are_cut_coded_and_hashed_in_constant_memory()
    {
        using var folder = new TestFolder(Memory);
        string path = folder["zeros"];
        await using (FileStream file = File.Create(path)) file.SetLength(8L << 30);
        var layout = new FileLayout(8L << 30, 256 * 1024, 10, 3);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        (Digest hash, long chunks, long bytes) = await ProduceAsync(path, layout);

        // What b3sum 1.2.0 prints for 8 GiB of zeros.
        Assert.Equal(Digest.Parse("875283713208b0d6be59b2c6862b0a3cfdd8ebe5366b815e34dfffd98554ef26"), hash);
        Assert.Equal((layout.ChunkCount, layout.StoredBytes), (chunks, bytes));
        // All that was ever allocated, garbage included: the window's buffers, and a little for each stripe.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 3 * WindowMiB * MiB);
    }

    private static async Task<(Digest Hash, long Chunks, long Bytes)> ProduceAsync(string path, FileLayout layout)
    {
        using FileSource source = FileSource.Open(path);
        var ledger = new SendLedger(layout, new(layout.ShardCount));
        var dispatcher = new ChunkDispatcher<ChunkBuffer>();
        var link = new PathLink("path", LaneKind.Tls, TimeProvider.System);
        dispatcher.Add(link);
        using var producer = new StripeProducer(layout, source, ledger, dispatcher, ParityMode.Full, WindowMiB);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        Task<Digest> producing = producer.ProduceAsync(timeout.Token);
        (long chunks, long bytes) = await TakeAsync(layout, ledger, dispatcher, link, timeout.Token);
        return (await producing, chunks, bytes);
    }

    /// <summary>A lane that is as fast as can be, and a gateway that commits each stripe.</summary>
    private static async Task<(long Chunks, long Bytes)> TakeAsync(
        FileLayout layout, SendLedger ledger, ChunkDispatcher<ChunkBuffer> dispatcher, PathLink link, CancellationToken cancellationToken)
    {
        long chunks = 0, bytes = 0;
        var stripe = new ChunkSet(layout.ShardCount);
        for (; chunks < layout.ChunkCount; chunks++)
        {
            using ChunkBuffer chunk = await dispatcher.TakeAsync(link, cancellationToken);
            bytes += chunk.LengthBytes;
            dispatcher.Delivered(link, chunk.LengthBytes);
            stripe.Add(chunk.Index);
            if (stripe.Count < layout.ShardCount) continue;
            ledger.Commit(stripe);
            stripe = new(layout.ShardCount);
        }
        if (stripe.Count > 0) ledger.Commit(stripe);
        return (chunks, bytes);
    }
}
