using ChunkStream.Cli.Demo;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class DemoPartsTests : IDisposable
{
    private static readonly IProgress<TransferProgress> Nobody = new Ignored();

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_stripe_loses_what_it_can_do_without_and_the_next_one_others() =>
        Gen.Select(Gen.Long[1, 400L << 20], Gen.Int[1, 20], Gen.Int[1, 5]).Sample((size, k, m) =>
        {
            var layout = new FileLayout(size, FileLayout.MinChunkBytes, k, m);
            var loss = new PlannedLoss(k, m);
            long total = 0;
            ShardSet? before = null;
            for (int stripe = 0; stripe < layout.StripeCount; stripe++)
            {
                ShardSet lost = ShardSet.Empty;
                foreach (int shard in layout.ShardsOf(stripe))
                    if (loss.IsLost(new(stripe, shard))) lost = lost.With(shard);
                Assert.True(lost.Count <= m);
                if (stripe < layout.StripeCount - 1) Assert.Equal(m, lost.Count);
                Assert.NotEqual(before, lost);
                before = lost;
                total += lost.Count;
            }
            Assert.True(loss.IsLost(new(0, 0)));
            Assert.Equal(total, loss.Count);
        }, iter: 200);

    [Fact]
    public void Only_what_was_committed_counts_as_sent_again()
    {
        var sent = new SentChunks();
        sent.Add(new(0, 0));
        var committed = new ChunkSet(13);
        committed.Add(new ChunkIndex(0, 0));
        sent.Expect(committed);
        sent.Add(new(0, 1));
        Assert.Equal((2, 0), (sent.Count, sent.SentAgain));
        sent.Add(new(0, 0));
        Assert.Equal((3, 1), (sent.Count, sent.SentAgain));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_001)]
    public async Task Generated_data_is_the_same_in_every_run_and_is_compared_to_the_last_byte(int size)
    {
        await TestData.WriteAsync(_folder["a"], size, Nobody, default);
        await TestData.WriteAsync(_folder["b"], size, Nobody, default);
        byte[] bytes = await File.ReadAllBytesAsync(_folder["a"]);
        Assert.Equal(size, bytes.Length);
        Assert.Equal((true, Blake3.Hash(bytes)), await FileComparison.CompareAsync(_folder["a"], _folder["b"], Nobody, default));

        await File.AppendAllTextAsync(_folder["b"], "x");
        Assert.False((await FileComparison.CompareAsync(_folder["a"], _folder["b"], Nobody, default)).Identical);
        Assert.False((await FileComparison.CompareAsync(_folder["b"], _folder["a"], Nobody, default)).Identical);
        if (size == 0) return;
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(_folder["b"], bytes);
        Assert.Equal((false, Blake3.Hash(bytes)), await FileComparison.CompareAsync(_folder["a"], _folder["b"], Nobody, default));
    }

    [Theory]
    [InlineData(13, "shard-000 shard-004 shard-008")]
    [InlineData(4, "shard-000 shard-001 shard-002")]
    [InlineData(1, "shard-000")]
    [InlineData(0, "")]
    public void Shards_are_deleted_with_their_hashes(int count, string deleted)
    {
        Guid file = Guid.CreateVersion7();
        DirectoryInfo folder = Directory.CreateDirectory(_folder[$"files/ab/{file:N}"]);
        for (int shard = 0; shard < count; shard++)
            foreach (string kind in new[] { "data", "hash" })
                File.WriteAllText(Path.Combine(folder.FullName, $"shard-{shard:000}.{kind}"), "x");
        Assert.Equal(deleted.Split(' ', StringSplitOptions.RemoveEmptyEntries), ShardLoss.Delete(_folder.Path, file, 3));
        Assert.Equal(2 * (count - Math.Min(count, 3)), folder.GetFiles().Length);
        Assert.Empty(ShardLoss.Delete(_folder.Path, Guid.CreateVersion7(), 3));
    }

    [Fact]
    public void The_verdict_names_what_did_not_happen()
    {
        var good = new DemoReport
        {
            FileId = Guid.CreateVersion7(),
            Bytes = 1 << 20,
            Blake3 = default,
            Transport = "quic",
            Paths = 2,
            SendMiBps = 1,
            ReceiveMiBps = 1,
            ChunksSent = 100,
            ChunksLost = 30,
            ChunksRebuilt = 60,
            ChunksCommittedBeforeInterrupt = 50,
            ChunksSentAgainAfterCommit = 0,
            Identical = true,
        };
        Assert.Equal((0, 0), Judge(good));
        Assert.Equal((4, 1), Judge(good with { Identical = false }));
        Assert.Equal((1, 1), Judge(good with { ChunksLost = 0 }));
        Assert.Equal((1, 1), Judge(good with { ChunksSentAgainAfterCommit = 1 }));
        Assert.Equal((1, 1), Judge(good with { ChunksCommittedBeforeInterrupt = 0 }));
        Assert.Equal((1, 1), Judge(good with { Paths = 1 }));
        Assert.Equal((1, 1), Judge(good, interrupted: false));
        Assert.Equal((1, 1), Judge(good, rebuiltWhenSent: 0));
        Assert.Equal((1, 1), Judge(good, rebuiltWhenReceived: 0));
        Assert.Equal((1, 1), Judge(good, deleted: 0));
        // An empty file has nothing to lose.
        DemoReport empty = good with { Bytes = 0, ChunksLost = 0, ChunksSent = 0, ChunksRebuilt = 0, ChunksCommittedBeforeInterrupt = 0, Paths = 0 };
        Assert.Equal((0, 0), Judge(empty, rebuiltWhenSent: 0, rebuiltWhenReceived: 0, deleted: 0));

        static (int ExitCode, int Missing) Judge(DemoReport report, bool interrupted = true, long rebuiltWhenSent = 30, long rebuiltWhenReceived = 30, int deleted = 3)
        {
            var verdict = new DemoVerdict(report, interrupted, rebuiltWhenSent, rebuiltWhenReceived, deleted);
            return (verdict.ExitCode, verdict.Missing.Count);
        }
    }

    private sealed class Ignored : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
        }
    }
}
