using ChunkStream.Storage;
using Xunit;

namespace ChunkStream.Tests.Storage.Local;

public sealed class ManifestFileTests
{
    private const int Chunk = 64 * 1024;

    [Fact]
    public async Task TheManifestIsWrittenOnceAndIsOnEveryVolume()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b", "c");
        SampleFile file = new(new(4 * Chunk, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a", "b", "c"), default);
        Assert.Null(files.OpenManifest());
        int calls = 0;
        await files.WriteManifestAsync(async (stream, token) =>
        {
            calls++;
            await stream.WriteAsync("the manifest"u8.ToArray(), token);
        }, default);
        Assert.Equal(1, calls);

        foreach (string lost in new[] { "a", "b", "c" })
        {
            Assert.Equal("the manifest", await ReadAsync(files));
            File.Delete(Path.Combine(TestStore.FilePath(folder, lost, file.Id), "manifest"));
        }
        Assert.Null(files.OpenManifest());
    }

    [Fact]
    public async Task AManifestThatIsNotWrittenToItsEndLeavesTheOldOne()
    {
        using TemporaryFolder folder = new();
        var store = TestStore.Over(folder, "a", "b");
        SampleFile file = new(new(4 * Chunk, Chunk, 2, 1));
        await using IShardFiles files = await store.CreateAsync(file.Id, file.Layout, file.Over("a", "b"), default);
        await files.WriteManifestAsync(async (stream, token) => await stream.WriteAsync("old"u8.ToArray(), token), default);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await files.WriteManifestAsync(async (stream, token) =>
        {
            await stream.WriteAsync("half of the n"u8.ToArray(), token);
            throw new InvalidDataException("The hashes don't merge.");
        }, default));
        Assert.Equal("old", await ReadAsync(files));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.new", SearchOption.AllDirectories));

        await files.WriteManifestAsync(async (stream, token) => await stream.WriteAsync("new"u8.ToArray(), token), default);
        Assert.Equal("new", await ReadAsync(files));
    }

    private static async Task<string> ReadAsync(IShardFiles files)
    {
        using StreamReader reader = new(files.OpenManifest()!);
        return await reader.ReadToEndAsync();
    }
}
