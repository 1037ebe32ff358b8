using System.Collections.Concurrent;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Storage.Local;

/// <summary>The order in which things become durable, whatever fails and whenever.</summary>
public sealed class FlushTests
{
    private const int Chunk = 64 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly FileLayout s_layout = new(6 * Chunk, Chunk, 2, 1);

    [Fact]
    public async Task APowerFailureAtAnyMomentLeavesNoHashWithoutItsBytesAndEveryChunkThatWasFlushed()
    {
        await Gen.Select(Gen.Int[0, 60], Gen.Int).SampleAsync(
            async (callsUntilFailure, seed) =>
            {
                using TemporaryFolder folder = new();
                SampleFile file = new(s_layout, seed);
                // The names are durable when the creation returns: the survivor starts with them.
                await (await TestStore.Over(folder.Sub("live"), "a").CreateAsync(file.Id, s_layout, file.Over("a"), default)).DisposeAsync();
                Copy(folder.Sub("live"), folder.Sub("left"));

                HashSet<ChunkIndex> committed = [];
                PowerlessDisk disk = new(folder.Sub("live"), folder.Sub("left"), callsUntilFailure);
                var store = TestStore.Over(folder.Sub("live"), disk);
                await using (IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a"), default))
                {
                    ChunkIndex[] chunks = [.. file.Chunks];
                    Random random = new(seed);
                    random.Shuffle(chunks);
                    for (int at = 0; at < chunks.Length;)
                    {
                        ChunkIndex[] group = [.. chunks.Skip(at).Take(random.Next(1, 6))];
                        at += group.Length;
                        await file.WriteAsync(files, group);
                        await files.FlushAsync(default);
                        if (!disk.HasFailed) committed.UnionWith(group);
                    }
                }

                await using IShardFiles left = await TestStore.Over(folder.Sub("left"), "a").OpenAsync(file.Id, s_layout, file.Over("a"), default);
                Assert.Empty(await file.ReadAllAsync(left, ChunkCondition.Bad));
                Assert.Subset((await file.ReadAllAsync(left, ChunkCondition.Good)).ToHashSet(), committed);
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public async Task AShardsHashesAreWrittenOnceItsDataIsFlushedAndAreFlushedToo()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk);
        SampleFile file = new(s_layout);
        await using IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default);
        await file.WriteAsync(files, file.Chunks);
        ConcurrentQueue<(string Shard, string Call)> calls = new();
        disk.BeforeWrite = path => calls.Enqueue((Path.GetFileNameWithoutExtension(path), "write " + Path.GetExtension(path)));
        disk.BeforeFlush = path => calls.Enqueue((Path.GetFileNameWithoutExtension(path), "flush " + Path.GetExtension(path)));
        await files.FlushAsync(default);

        var shards = calls.GroupBy(call => call.Shard, call => call.Call).ToList();
        Assert.Equal(3, shards.Count);
        Assert.All(shards, shard => Assert.Equal(["flush .data", "write .hash", "flush .hash"], shard));
    }

    [Fact]
    public async Task CallersWhoComeDuringAFlushShareTheNextOne()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk);
        SampleFile file = new(new(20 * Chunk, Chunk, 1, 0));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        using ManualResetEventSlim goOn = new();
        using SemaphoreSlim began = new(0);
        disk.BeforeFlush = path =>
        {
            if (!path.EndsWith(".data", StringComparison.Ordinal)) return;
            began.Release();
            Assert.True(goOn.Wait(s_patience), "the test lets the flush go on");
        };

        await file.WriteAsync(files, new ChunkIndex(0, 0));
        Task first = files.FlushAsync(default).AsTask();
        Assert.True(await began.WaitAsync(s_patience), "the first flush begins");
        List<Task> others = [];
        for (int stripe = 1; stripe < 20; stripe++)
        {
            await file.WriteAsync(files, new ChunkIndex(stripe, 0));
            others.Add(files.FlushAsync(default).AsTask());
        }
        Assert.False(first.IsCompleted);
        goOn.Set();
        await first.WaitAsync(s_patience);
        await Task.WhenAll(others).WaitAsync(s_patience);
        Assert.Equal(2, disk.DataFlushes);

        await using IShardFiles again = await TestStore.Over(folder, "a").OpenAsync(file.Id, file.Layout, file.Over("a"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
    }

    [Fact]
    public async Task ACallerWhoGivesUpLeavesTheFlushToTheOthers()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk);
        SampleFile file = new(s_layout);
        await using IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default);
        using ManualResetEventSlim goOn = new();
        disk.BeforeFlush = _ => Assert.True(goOn.Wait(s_patience), "the test lets the flush go on");
        await file.WriteAsync(files, file.Chunks);
        using CancellationTokenSource impatient = new();
        Task given = files.FlushAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(s_patience));
        Task patient = files.FlushAsync(default).AsTask();
        goOn.Set();
        await patient.WaitAsync(s_patience);
        await using IShardFiles again = await TestStore.Over(folder, "a").OpenAsync(file.Id, s_layout, file.Over("a"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
    }

    [Fact]
    public async Task WritersReadersAndFlushesTogetherLoseNothing()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = new(new(120 * Chunk, Chunk, 4, 2));
        await using (IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a", "b"), default))
        {
            await Parallel.ForEachAsync(file.Chunks, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (index, _) =>
            {
                await file.WriteAsync(files, index);
                Assert.Equal(ChunkCondition.Good, await file.ReadAsync(files, index));
                if (index.Stripe % 3 == 0) await files.FlushAsync(default);
                // A hash that moves from memory to the sidecar meanwhile is in one of them.
                Digest[] hash = new Digest[1];
                await files.ReadHashesAsync(index.Shard, index.Stripe, hash, default);
                Assert.Equal(file.Hash(index), hash[0]);
                Assert.Equal(ChunkCondition.Good, await file.ReadAsync(files, index));
            });
            await files.FlushAsync(default);
        }
        await using IShardFiles again = await store.OpenAsync(file.Id, file.Layout, file.Over("a", "b"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
    }

    [Theory]
    [InlineData(".data")]
    [InlineData(".hash")]
    public async Task AFlushThatFailsIsTheLastOneUntilTheFileIsOpenedAgain(string kind)
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk);
        SampleFile file = new(s_layout);
        await using (IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default))
        {
            await file.WriteAsync(files, new ChunkIndex(0, 0), new ChunkIndex(0, 1));
            await files.FlushAsync(default);
            await file.WriteAsync(files, new ChunkIndex(1, 0), new ChunkIndex(1, 1), new ChunkIndex(1, 2));
            disk.BeforeFlush = path =>
            {
                if (path.EndsWith("001" + kind, StringComparison.Ordinal)) FaultyDisk.Fail(path);
            };
            var failed = await Assert.ThrowsAsync<StoreException>(async () => await files.FlushAsync(default));
            Assert.Equal(FailureCode.StoreFailed, failed.Code);
            Assert.Contains("Volume 'a' can't flush", failed.Message, StringComparison.Ordinal);

            // The disk is well again, and still a flush that succeeded now would say nothing about the pages that it dropped.
            disk.BeforeFlush = null;
            int flushes = disk.DataFlushes;
            Assert.Equal(FailureCode.StoreFailed, (await Assert.ThrowsAsync<StoreException>(async () => await files.FlushAsync(default))).Code);
            Assert.Equal(FailureCode.StoreFailed, (await Assert.ThrowsAsync<StoreException>(() => file.WriteAsync(files, new ChunkIndex(2, 0)))).Code);
            Assert.Equal(flushes, disk.DataFlushes);
            Assert.Equal(ChunkCondition.Good, await file.ReadAsync(files, new(0, 0)));
        }
        await using IShardFiles again = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default);
        List<ChunkIndex> good = await file.ReadAllAsync(again, ChunkCondition.Good);
        Assert.Subset(good.ToHashSet(), new HashSet<ChunkIndex>([new(0, 0), new(0, 1)]));
        if (kind == ".data") Assert.DoesNotContain(new(1, 1), good);
        await file.WriteAndFlushAllAsync(again);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
    }

    [Fact]
    public async Task AFailedFlushFailsThoseWhoWaitForTheNextOne()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk);
        SampleFile file = new(s_layout);
        await using IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default);
        using ManualResetEventSlim goOn = new();
        using SemaphoreSlim began = new(0);
        disk.BeforeFlush = path =>
        {
            began.Release();
            Assert.True(goOn.Wait(s_patience), "the test lets the flush go on");
            FaultyDisk.Fail(path);
        };
        await file.WriteAsync(files, new ChunkIndex(0, 0));
        Task first = files.FlushAsync(default).AsTask();
        Assert.True(await began.WaitAsync(s_patience), "the first flush begins");
        await file.WriteAsync(files, new ChunkIndex(0, 1));
        Task second = files.FlushAsync(default).AsTask();
        goOn.Set();
        await Assert.ThrowsAsync<StoreException>(() => first.WaitAsync(s_patience));
        await Assert.ThrowsAsync<StoreException>(() => second.WaitAsync(s_patience));
        Assert.Equal(1, disk.DataFlushes);
    }

    [Fact]
    public async Task TheNumberOfUnflushedChunksIsBounded()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk, maxUnflushedChunks: 4);
        SampleFile file = new(new(12 * Chunk, Chunk, 1, 0));
        await using (IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default))
            await file.WriteAsync(files, file.Chunks);
        Assert.Equal(2, disk.DataFlushes);
        await using IShardFiles again = await store.OpenAsync(file.Id, file.Layout, file.Over("a"), default);
        Assert.Equal(8, (await file.ReadAllAsync(again, ChunkCondition.Good)).Count);
    }

    private static void Copy(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
