using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Storage.Local;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Storage.Local;

/// <summary>What is lost or goes bad at rest is found, is told from what is good, and can be written again.</summary>
public sealed class DamageTests
{
    private const int Chunk = 64 * 1024;
    private static readonly FileLayout s_layout = new(7 * Chunk + 100, Chunk, 2, 1);

    [Theory]
    [InlineData("data")]
    [InlineData("hash")]
    public async Task AShardWithoutOneOfItsFilesReadsAsMissingAndIsMadeAgain(string kind)
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        File.Delete(TestStore.ShardPath(folder, "b", file.Id, 1, kind));

        await using (IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default))
        {
            Assert.Equal(file.Chunks.Where(index => index.Shard == 1), await file.ReadAllAsync(files, ChunkCondition.Missing));
            Assert.Equal(file.Chunks.Where(index => index.Shard != 1), await file.ReadAllAsync(files, ChunkCondition.Good));
            Digest[] hashes = new Digest[s_layout.StripeCount];
            await files.ReadHashesAsync(1, 0, hashes, default);
            Assert.All(hashes, hash => Assert.True(hash.IsZero));

            // One chunk comes back; the others' old hashes, where they are there, stand for nothing that is in the new data file.
            await file.WriteAsync(files, new ChunkIndex(2, 1));
            await files.FlushAsync(default);
        }
        await using IShardFiles again = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
        Assert.Equal(ChunkCondition.Good, await file.ReadAsync(again, new(2, 1)));
        if (kind == "data")
            Assert.Equal(file.Chunks.Where(index => index.Shard == 1 && index.Stripe != 2), await file.ReadAllAsync(again, ChunkCondition.Missing));
        Assert.Empty(await file.ReadAllAsync(again, ChunkCondition.Bad));
    }

    [Fact]
    public async Task AVolumeThatWasEmptiedIsFilledAgain()
    {
        using TemporaryFolder folder = new();
        SampleFile file = await StoreAsync(TestStore.Over(folder, "a", "b"));
        Directory.Delete(folder.Sub("b"), recursive: true);

        var store = TestStore.Over(folder, "a", "b");
        await using (IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default))
        {
            List<ChunkIndex> missing = await file.ReadAllAsync(files, ChunkCondition.Missing);
            Assert.Equal(file.Chunks.Where(index => index.Shard == 1), missing);
            await file.WriteAsync(files, missing);
            await files.FlushAsync(default);
        }
        await using IShardFiles again = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
        Assert.True(File.Exists(Path.Combine(TestStore.FilePath(folder, "b", file.Id), "file.json")));
    }

    [Fact]
    public async Task AVolumeThatIsNotThereCostsItsShardsAndRefusesToBeWritten()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        // As an unmounted disk: the folder is there and empty.
        Directory.Move(folder.Sub("b"), folder.Sub("elsewhere"));
        Directory.CreateDirectory(folder.Sub("b"));

        await using IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
        Assert.Equal(file.Chunks.Where(index => index.Shard == 1), await file.ReadAllAsync(files, ChunkCondition.Missing));
        Assert.Equal(file.Chunks.Where(index => index.Shard != 1), await file.ReadAllAsync(files, ChunkCondition.Good));
        var refused = await Assert.ThrowsAsync<StoreException>(() => file.WriteAsync(files, new ChunkIndex(0, 1)));
        Assert.Equal(FailureCode.StoreFailed, refused.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Sub("b")));
        await Assert.ThrowsAsync<StoreException>(async () => await store.CreateAsync(Guid.CreateVersion7(), s_layout, file.Over("a", "b"), default));
        await Assert.ThrowsAsync<StoreException>(async () => await store.DeleteAsync(file.Id, default));
    }

    [Fact]
    public async Task OneFlippedBitAnywhereInTheDataIsOneBadChunk()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        List<ChunkIndex> chunks = [.. file.Chunks];
        await Gen.Select(Gen.Int[0, chunks.Count - 1], Gen.Double[0, 1], Gen.Int[0, 7]).SampleAsync(
            async (chosen, place, bit) =>
            {
                ChunkIndex index = chunks[chosen];
                string path = TestStore.ShardPath(folder, file.Over("a", "b")[index.Shard], file.Id, index.Shard, "data");
                long offset = (long)index.Stripe * Chunk + (int)(place * (s_layout.LengthOf(index) - 1));
                TestStore.FlipBit(path, offset, bit);
                await using IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
                Assert.Equal([index], await file.ReadAllAsync(files, ChunkCondition.Bad));
                Assert.Equal(chunks.Count - 1, (await file.ReadAllAsync(files, ChunkCondition.Good)).Count);
                TestStore.FlipBit(path, offset, bit);
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public async Task OneFlippedBitInTheSidecarIsOneBadChunkAndIsRepairedByWritingIt()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        TestStore.FlipBit(TestStore.ShardPath(folder, "a", file.Id, 2, "hash"), 3 * Digest.SizeBytes + 31, bit: 7);
        await using (IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default))
        {
            Assert.Equal([new ChunkIndex(3, 2)], await file.ReadAllAsync(files, ChunkCondition.Bad));
            await file.WriteAsync(files, new ChunkIndex(3, 2));
            await files.FlushAsync(default);
        }
        await using IShardFiles again = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
    }

    [Fact]
    public async Task ATruncatedShardLosesWhatIsCutOffAndTakesItAgain()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        using (var data = File.OpenWrite(TestStore.ShardPath(folder, "a", file.Id, 0, "data"))) data.SetLength(2 * Chunk - 1);
        using (var hashes = File.OpenWrite(TestStore.ShardPath(folder, "a", file.Id, 2, "hash"))) hashes.SetLength(Digest.SizeBytes);

        await using (IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default))
        {
            List<ChunkIndex> bad = await file.ReadAllAsync(files, ChunkCondition.Bad);
            Assert.Equal([new(1, 0), new(2, 0), new(3, 0)], bad);
            List<ChunkIndex> missing = await file.ReadAllAsync(files, ChunkCondition.Missing);
            Assert.Equal([new(1, 2), new(2, 2), new(3, 2)], missing);
            await file.WriteAsync(files, [.. missing, .. bad]);
            await files.FlushAsync(default);
        }
        await using IShardFiles again = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(again, ChunkCondition.Good));
    }

    [Fact]
    public async Task WhatTheDiskCannotReadIsBad()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new();
        var store = TestStore.Over(folder, disk);
        SampleFile file = new(s_layout);
        await using IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default);
        await file.WriteAndFlushAllAsync(files);

        disk.BeforeRead = path =>
        {
            if (path.EndsWith("000.data", StringComparison.Ordinal) || path.EndsWith("002.hash", StringComparison.Ordinal)) FaultyDisk.Fail(path);
        };
        Assert.Equal(file.Chunks.Where(index => index.Shard != 1), await file.ReadAllAsync(files, ChunkCondition.Bad));
        Digest[] hashes = [file.Hash(new(0, 0))];
        await files.ReadHashesAsync(2, 0, hashes, default);
        Assert.True(hashes[0].IsZero);

        disk.BeforeRead = _ => throw new IOException("The network file system went away.", 116);
        var failed = await Assert.ThrowsAsync<StoreException>(() => file.ReadAsync(files, new(0, 0)));
        Assert.Equal(FailureCode.StoreFailed, failed.Code);
    }

    [Fact]
    public async Task AShardThatIsDeletedWhileItIsWrittenFailsTheFlush()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a");
        SampleFile file = new(s_layout);
        await using IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a"), default);
        await file.WriteAsync(files, file.Chunks);
        File.Delete(TestStore.ShardPath(folder, "a", file.Id, 1, "data"));
        var failed = await Assert.ThrowsAsync<StoreException>(async () => await files.FlushAsync(default));
        Assert.Equal(FailureCode.StoreFailed, failed.Code);
        Assert.Contains("Shard 1 was deleted", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherLayoutIsRefusedByCreatingAndOpening()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        FileLayout other = new(s_layout.SizeBytes + 1, Chunk, 2, 1);
        foreach (var open in new[] { store.CreateAsync, store.OpenAsync })
        {
            var refused = await Assert.ThrowsAsync<StoreException>(async () => await open(file.Id, other, file.Over("a", "b"), default));
            Assert.Equal(FailureCode.Conflict, refused.Code);
            Assert.Contains($"{s_layout.SizeBytes} bytes in 2+1 chunks of {Chunk}", refused.Message, StringComparison.Ordinal);
        }
        await using IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
    }

    [Fact]
    public async Task ADamagedRecordOfTheLayoutCostsNoChunk()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = await StoreAsync(store);
        File.WriteAllText(Path.Combine(TestStore.FilePath(folder, "a", file.Id), "file.json"), "{\"fileId\":");
        await using (IShardFiles files = await store.OpenAsync(file.Id, s_layout, file.Over("a", "b"), default))
            Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
        await using (IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a", "b"), default))
            Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
        FileLayout other = new(s_layout.SizeBytes + 1, Chunk, 2, 1);
        await Assert.ThrowsAsync<StoreException>(async () => await store.OpenAsync(file.Id, other, file.Over("a", "b"), default));
    }

    private static async Task<SampleFile> StoreAsync(LocalShardStore store)
    {
        SampleFile file = new(s_layout);
        await using IShardFiles files = await store.CreateAsync(file.Id, s_layout, file.Over("a", "b"), default);
        await file.WriteAndFlushAllAsync(files);
        return file;
    }
}
