using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Storage.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ChunkStream.Tests.Storage.Local;

public sealed class VolumeTests
{
    private const int Chunk = 64 * 1024;

    [Fact]
    public void EverythingThatIsWrongWithTheOptionsIsSaidAtOnce()
    {
        using TemporaryFolder folder = new();
        VolumeOptions[] volumes =
        [
            new() { Id = "a", Path = folder.Sub("x") },
            new() { Id = "a", Path = folder.Sub("y") },
            new() { Id = "Big", Path = folder.Sub("z") },
            new() { Id = "b", Path = folder.Sub("x") + Path.DirectorySeparatorChar },
            new() { Id = "c", Path = "" },
            new() { Id = new string('d', 65), Path = folder.Sub("v") },
        ];
        IReadOnlyList<string> problems = VolumeOptions.Check(volumes);
        Assert.Equal(5, problems.Count);
        Assert.Equal("Two volumes have the id 'a'.", problems[0]);
        Assert.StartsWith("'Big' is no volume id", problems[1], StringComparison.Ordinal);
        Assert.StartsWith("Volumes 'a' and 'b' have the same path", problems[2], StringComparison.Ordinal);
        Assert.StartsWith("Volume 'c' has no usable path", problems[3], StringComparison.Ordinal);
        Assert.Contains("is no volume id", problems[4], StringComparison.Ordinal);

        var refused = Assert.Throws<ArgumentException>(() => new LocalShardStore(volumes, NullLogger.Instance));
        Assert.All(problems, problem => Assert.Contains(problem, refused.Message, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Single(VolumeOptions.Check([]));
    }

    [Fact]
    public void AVolumeIsMadeAndClaimedOnFirstUseAndFoundAgain()
    {
        using TemporaryFolder folder = new();
        foreach (int _ in Enumerable.Range(0, 2))
        {
            VolumeSpace space = Assert.Single(TestStore.Over(folder.Sub("deep/er"), "a").Volumes);
            Assert.Equal("a", space.VolumeId);
            Assert.InRange(space.FreeBytes, 1, space.TotalBytes);
        }
        Assert.Contains("\"a\"", File.ReadAllText(folder.Sub("deep/er/a/volume.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryWrongDiskIsNamed()
    {
        using TemporaryFolder folder = new();
        TestStore.Over(folder, "a", "b", "c");
        VolumeOptions[] swapped = [new() { Id = "a", Path = folder.Sub("b") }, new() { Id = "b", Path = folder.Sub("a") }, new() { Id = "c", Path = folder.Sub("c") }];
        var refused = Assert.Throws<StoreException>(() => new LocalShardStore(swapped, NullLogger.Instance));
        Assert.Equal(FailureCode.StoreFailed, refused.Code);
        Assert.Contains("is volume 'b', not 'a'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is volume 'a', not 'b'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithADamagedOrLostRecordIsNotClaimed()
    {
        using TemporaryFolder folder = new();
        TestStore.Over(folder, "a");
        File.WriteAllText(folder.Sub("a/volume.json"), "{");
        Assert.Throws<StoreException>(() => TestStore.Over(folder, "a"));
        File.Delete(folder.Sub("a/volume.json"));
        Directory.CreateDirectory(folder.Sub("a/files/7f"));
        Assert.Contains("holds files but no volume.json", Assert.Throws<StoreException>(() => TestStore.Over(folder, "a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Sub("a"), "a file");
        Assert.Equal(FailureCode.StoreFailed, Assert.Throws<StoreException>(() => TestStore.Over(folder, "a")).Code);
    }

    [Fact]
    public async Task FilesAreListedOnceAndDeletedFromEveryVolume()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile[] files = [.. Enumerable.Range(0, 5).Select(seed => new SampleFile(new(3 * Chunk, Chunk, 2, 1), seed))];
        foreach (SampleFile file in files)
        {
            await using IShardFiles shards = await store.CreateAsync(file.Id, file.Layout, file.Over("a", "b"), default);
            await file.WriteAndFlushAllAsync(shards);
        }
        Directory.CreateDirectory(folder.Sub("a/files/ff/not-a-file"));
        Assert.Equal(files.Select(file => file.Id).Order(), (await TestStore.ListAsync(store)).Order());

        await store.DeleteAsync(files[2].Id, default);
        await store.DeleteAsync(files[2].Id, default);
        await store.DeleteAsync(Guid.CreateVersion7(), default);
        Assert.Equal(files.Where(file => file != files[2]).Select(file => file.Id).Order(), (await TestStore.ListAsync(store)).Order());
        Assert.False(Directory.Exists(TestStore.FilePath(folder, "a", files[2].Id)) || Directory.Exists(TestStore.FilePath(folder, "b", files[2].Id)));
        await using IShardFiles gone = await store.OpenAsync(files[2].Id, files[2].Layout, files[2].Over("a", "b"), default);
        Assert.Equal(files[2].Chunks, await files[2].ReadAllAsync(gone, ChunkCondition.Missing));
        await using IShardFiles kept = await store.OpenAsync(files[3].Id, files[3].Layout, files[3].Over("a", "b"), default);
        Assert.Equal(files[3].Chunks, await files[3].ReadAllAsync(kept, ChunkCondition.Good));
    }

    [Fact]
    public async Task CreatingTheSameFileManyTimesAtOnceMakesItOnce()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = new(new(3 * Chunk, Chunk, 2, 1));
        IShardFiles[] sets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(async () => await store.CreateAsync(file.Id, file.Layout, file.Over("a", "b"), default))));
        await file.WriteAndFlushAllAsync(sets[0]);
        foreach (IShardFiles set in sets)
        {
            Assert.Equal(file.Chunks, await file.ReadAllAsync(set, ChunkCondition.Good));
            await set.DisposeAsync();
        }
    }

    [Fact]
    public async Task TheFaultyStoreFailsWhenAskedAndOtherwisePassesOn()
    {
        using TemporaryFolder folder = new();
        FaultyShardStore store = new(TestStore.Over(folder, "a"));
        SampleFile file = new(new(3 * Chunk, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        store.OnWrite = index => index.Shard == 1 ? new StoreException(FailureCode.StoreFull, "full") : null;
        await file.WriteAsync(files, new(0, 0), new(0, 2));
        await Assert.ThrowsAsync<StoreException>(() => file.WriteAsync(files, new ChunkIndex(0, 1)));
        store.OnFlush = () => new StoreException(FailureCode.StoreFailed, "failed");
        await Assert.ThrowsAsync<StoreException>(async () => await files.FlushAsync(default));
        store.OnWrite = null;
        store.OnFlush = null;
        await file.WriteAndFlushAllAsync(files);
        Assert.Equal((2 + (int)file.Layout.ChunkCount, 1), (store.Writes, store.Flushes));
        Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
        store.OnOpen = () => new StoreException(FailureCode.StoreFailed, "no disk");
        await Assert.ThrowsAsync<StoreException>(async () => await store.OpenAsync(file.Id, file.Layout, file.Over("a"), default));
    }
}
