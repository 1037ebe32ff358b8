using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Storage.Local;

public sealed class RoundTripTests
{
    private const int Chunk = 64 * 1024;

    private static readonly Gen<FileLayout> s_layouts = Gen.Select(Gen.Int[1, 6], Gen.Int[0, 4], Gen.Int[16, 17]).SelectMany(
        (k, m, power) => Gen.OneOf(
                Gen.Select(Gen.Int[0, 3], Gen.Int[-1, 1], (stripes, delta) => Math.Max(0, (stripes * k << power) + delta)),
                Gen.Int[0, 3 * k << power])
            .Select(size => new FileLayout(size, 1 << power, k, m)));

    [Fact]
    public async Task EveryChunkOfAnyLayoutComesBackBeforeTheFlushAfterItAndAfterOpeningAgain()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b", "c");
        await Gen.Select(s_layouts, Gen.Int).SampleAsync(
            async (layout, seed) =>
            {
                SampleFile file = new(layout, seed);
                string[] volumes = file.Over("a", "b", "c");
                List<ChunkIndex> chunks = [.. file.Chunks];
                new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(chunks));
                await using (IShardFiles files = await store.CreateAsync(file.Id, layout, volumes, default))
                {
                    Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Missing));
                    await file.WriteAsync(files, chunks.Take(chunks.Count / 2));
                    Assert.Equal(chunks.Take(chunks.Count / 2).Order(), await file.ReadAllAsync(files, ChunkCondition.Good));
                    await files.FlushAsync(default);
                    await file.WriteAsync(files, chunks.Skip(chunks.Count / 2));
                    await CheckHashesAsync(file, files);
                    await files.FlushAsync(default);
                    Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
                }
                await using (IShardFiles files = await store.OpenAsync(file.Id, layout, volumes, default))
                {
                    Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
                    await CheckHashesAsync(file, files);
                }
                await store.DeleteAsync(file.Id, default);
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public async Task WhatWasNotFlushedIsMissingAfterOpeningAgain()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(new(6 * Chunk, Chunk, 2, 1));
        await using (IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default))
        {
            await file.WriteAsync(files, new ChunkIndex(1, 0));
            await files.FlushAsync(default);
            await file.WriteAsync(files, new ChunkIndex(2, 0));
        }
        await using IShardFiles again = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        Assert.Equal([new ChunkIndex(1, 0)], await file.ReadAllAsync(again, ChunkCondition.Good));
        Assert.Equal(file.Layout.ChunkCount - 1, (await file.ReadAllAsync(again, ChunkCondition.Missing)).Count);
    }

    [Fact]
    public async Task AChunkThatComesTwiceOrAgainWithOtherBytesIsTheLastOne()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(new(Chunk, Chunk, 1, 1), seed: 1);
        SampleFile other = new(file.Layout, seed: 2);
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        await file.WriteAndFlushAllAsync(files);
        await file.WriteAndFlushAllAsync(files);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
        await other.WriteAsync(files, other.Chunks);
        Assert.Equal(file.Chunks, await other.ReadAllAsync(files, ChunkCondition.Good));
        await files.FlushAsync(default);
        Assert.Equal(file.Chunks, await other.ReadAllAsync(files, ChunkCondition.Good));
    }

    [Fact]
    public async Task AShardThatRestsElsewhereHasNoFilesHere()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(new(4 * Chunk, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, ["", "a", ""], default);
        await file.WriteAsync(files, new ChunkIndex(0, 1), new ChunkIndex(1, 1));
        await files.FlushAsync(default);
        Assert.Equal(ChunkCondition.Missing, await file.ReadAsync(files, new(0, 0)));
        Assert.Equal(ChunkCondition.Good, await file.ReadAsync(files, new(0, 1)));
        var refused = await Assert.ThrowsAsync<StoreException>(() => file.WriteAsync(files, new ChunkIndex(0, 2)));
        Assert.Equal(ChunkStream.Core.Failures.FailureCode.NotFound, refused.Code);
        Assert.Equal(["file.json", "shard-001.data", "shard-001.hash"], Names(TestStore.FilePath(folder, "a", file.Id)));
    }

    [Fact]
    public async Task FilesAreAsLongAsTheirShards()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(new(3 * Chunk + 1, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        long[] data = [.. Enumerable.Range(0, 3).Select(shard => new FileInfo(TestStore.ShardPath(folder, "a", file.Id, shard, "data")).Length)];
        long[] hashes = [.. Enumerable.Range(0, 3).Select(shard => new FileInfo(TestStore.ShardPath(folder, "a", file.Id, shard, "hash")).Length)];
        Assert.Equal([2 * Chunk, Chunk + 1, 2 * Chunk], data);
        Assert.Equal([64, 64, 64], hashes);
    }

    [Fact]
    public async Task WrongArgumentsAreNamed()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(new(Chunk, Chunk, 1, 1));
        await Assert.ThrowsAsync<ArgumentException>("volumeIds", async () => await store.CreateAsync(file.Id, file.Layout, ["a"], default));
        var unknown = await Assert.ThrowsAsync<StoreException>(async () => await store.CreateAsync(file.Id, file.Layout, ["a", "z"], default));
        Assert.Equal("There is no volume 'z'; there are a.", unknown.Message);

        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        byte[] bytes = new byte[Chunk];
        Digest hash = file.Hash(new(0, 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await files.WriteAsync(new(1, 0), hash, bytes, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await files.WriteAsync(new(0, 0), hash, bytes.AsMemory(1), default));
        await Assert.ThrowsAsync<ArgumentException>("hash", async () => await files.WriteAsync(new(0, 0), default, bytes, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await files.ReadAsync(new(0, 0), bytes.AsMemory(1), default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await files.ReadHashesAsync(0, 0, new Digest[2], default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await files.ReadHashesAsync(2, 0, new Digest[1], default));
        await files.DisposeAsync();
        await files.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await files.WriteAsync(new(0, 0), hash, bytes, default));
    }

    [Fact]
    public async Task WritingAndReadingAChunkAllocatesNothing()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(new(64 * Chunk, Chunk, 1, 0));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        byte[] buffer = new byte[Chunk];
        (byte[] Bytes, Digest Hash)[] chunks = [.. file.Chunks.Select(index => (file.Bytes(index), file.Hash(index)))];

        // The first round makes room for the pending hashes.
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int stripe = 0; stripe < chunks.Length; stripe++)
            {
                ValueTask written = files.WriteAsync(new(stripe, 0), chunks[stripe].Hash, chunks[stripe].Bytes, default);
                Assert.True(written.IsCompletedSuccessfully);
                ValueTask<ChunkRead> read = files.ReadAsync(new(stripe, 0), buffer, default);
                Assert.True(read.IsCompletedSuccessfully);
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.InRange(allocated, 0, 64);
    }

    private static async Task CheckHashesAsync(SampleFile file, IShardFiles files)
    {
        for (int shard = 0; shard < file.Layout.ShardCount; shard++)
        {
            Digest[] hashes = new Digest[file.Layout.StripeCount];
            await files.ReadHashesAsync(shard, 0, hashes, default);
            for (int stripe = 0; stripe < hashes.Length; stripe++)
                Assert.Equal(file.Layout.Contains(new(stripe, shard)) ? file.Hash(new(stripe, shard)) : default, hashes[stripe]);
        }
    }

    private static IEnumerable<string?> Names(string path) => Directory.EnumerateFiles(path).Select(Path.GetFileName).Order();
}
