using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using Xunit;

namespace ChunkStream.Tests.Storage.Local;

/// <summary>On a real file system of 8 MiB.</summary>
public sealed class FullDiskTests
{
    private const int Chunk = 64 * 1024;
    private const int MiB = 1024 * 1024;

    [SmallDiskFact]
    public async Task AFileThatDoesNotFitIsRefusedAtOnceAndLeavesNothing()
    {
        using SmallDisk disk = new(8);
        var store = TestStore.Over(disk.Path, "a");
        SampleFile file = new(new(20 * MiB, Chunk, 2, 1));
        long free = disk.FreeBytes;
        var full = await Assert.ThrowsAsync<StoreException>(async () => await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default));
        Assert.Equal(FailureCode.StoreFull, full.Code);
        Assert.Contains("Volume 'a'", full.Message, StringComparison.Ordinal);
        Assert.Contains($"needs {30 * MiB + 3 * 160 * 32} bytes", full.Message, StringComparison.Ordinal);
        Assert.Contains($"{free} bytes are available", full.Message, StringComparison.Ordinal);
        Assert.Equal(free, disk.FreeBytes);
        Assert.Empty(await TestStore.ListAsync(store));
    }

    [SmallDiskFact]
    public async Task VolumesThatShareADiskTakeNothingWhereTheSecondDoesNotFit()
    {
        using SmallDisk disk = new(8);
        var store = TestStore.Over(disk.Path, "a", "b");
        // Either half fits; both don't, and only reserving the room can tell.
        SampleFile file = new(new(10 * MiB, Chunk, 2, 0));
        long free = disk.FreeBytes;
        var full = await Assert.ThrowsAsync<StoreException>(async () => await store.CreateAsync(file.Id, file.Layout, file.Over("a", "b"), default));
        Assert.Equal(FailureCode.StoreFull, full.Code);
        Assert.Empty(await TestStore.ListAsync(store));
        Assert.True(disk.FreeBytes > free - MiB / 2, $"{disk.FreeBytes} of {free} bytes are free again");

        SampleFile smaller = new(new(6 * MiB, Chunk, 2, 0));
        await using IShardFiles files = await store.CreateAsync(smaller.Id, smaller.Layout, smaller.Over("a", "b"), default);
        await smaller.WriteAndFlushAllAsync(files);
    }

    [SmallDiskFact]
    public async Task WhatWasReservedCanBeWrittenWhenTheDiskIsFull()
    {
        using SmallDisk disk = new(8);
        var store = TestStore.Over(disk.Path, "a");
        SampleFile file = new(new(3 * MiB, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        disk.Fill();
        await file.WriteAndFlushAllAsync(files);
        Assert.Equal(file.Chunks, await file.ReadAllAsync(files, ChunkCondition.Good));
    }

    [SmallDiskFact]
    public async Task AWriteToAFullDiskIsRefusedAndTheOthersStay()
    {
        using SmallDisk disk = new(8);
        var store = TestStore.Over(disk.Path, "a");
        SampleFile file = new(new(2 * MiB, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default);
        await file.WriteAndFlushAllAsync(files);
        // A shard that was cut off has lost its reservation.
        string path = Directory.EnumerateFiles(disk.Path, "shard-001.data", SearchOption.AllDirectories).Single();
        using (FileStream data = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) data.SetLength(0);
        disk.Fill();

        var full = await Assert.ThrowsAsync<StoreException>(() => file.WriteAsync(files, new ChunkIndex(3, 1)));
        Assert.Equal(FailureCode.StoreFull, full.Code);
        Assert.Contains($"needs {Chunk} bytes and 0 bytes are available", full.Message, StringComparison.Ordinal);
        await file.WriteAsync(files, new ChunkIndex(3, 0));
        await files.FlushAsync(default);
        Assert.Equal(file.Chunks.Where(index => index.Shard != 1), await file.ReadAllAsync(files, ChunkCondition.Good));
    }

    [SmallDiskFact]
    public async Task AShardThatCannotBeMadeAgainOnAFullDiskIsRefused()
    {
        using SmallDisk disk = new(8);
        var store = TestStore.Over(disk.Path, "a");
        SampleFile file = new(new(2 * MiB, Chunk, 2, 1));
        await using (IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a"), default))
            await file.WriteAndFlushAllAsync(files);
        File.Delete(Directory.EnumerateFiles(disk.Path, "shard-001.data", SearchOption.AllDirectories).Single());
        disk.Fill();
        await using IShardFiles again = await store.OpenAsync(file.Id, file.Layout, file.Over("a"), default);
        var full = await Assert.ThrowsAsync<StoreException>(() => file.WriteAsync(again, new ChunkIndex(0, 1)));
        Assert.Equal(FailureCode.StoreFull, full.Code);
        Assert.Equal(file.Chunks.Where(index => index.Shard != 1), await file.ReadAllAsync(again, ChunkCondition.Good));
    }
}
