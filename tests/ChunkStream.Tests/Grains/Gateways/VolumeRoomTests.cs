using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Gateways;
using Xunit;

namespace ChunkStream.Tests.Grains.Gateways;

public sealed class VolumeRoomTests
{
    private const int ChunkBytes = 64 * 1024;

    [Fact]
    public void Shards_are_spread_evenly()
    {
        VolumeRoom room = new([Volume("a", 1 << 30), Volume("b", 1 << 29), Volume("c", 1 << 28)]);
        IReadOnlyList<string> homes = room.TryPlace(Layout(100))!;
        Assert.Equal([5, 4, 4], homes.GroupBy(home => home).OrderBy(group => group.Key).Select(group => group.Count()));
    }

    [Fact]
    public void What_does_not_fit_evenly_goes_where_there_is_room()
    {
        // Ten chunks a shard: a holds two shards, b the other eleven.
        VolumeRoom room = new([Volume("a", 20 * ChunkBytes), Volume("b", 200 * ChunkBytes)]);
        IReadOnlyList<string> homes = room.TryPlace(Layout(100))!;
        Assert.Equal(2, homes.Count(home => home == "a"));
        Assert.Equal(11, homes.Count(home => home == "b"));
    }

    [Fact]
    public void What_was_placed_is_taken()
    {
        VolumeRoom room = new([Volume("a", 300 * ChunkBytes)]);
        Assert.NotNull(room.TryPlace(Layout(100)));
        Assert.NotNull(room.TryPlace(Layout(100)));
        Assert.Null(room.TryPlace(Layout(100)));
        Assert.Equal(40 * ChunkBytes, room.FreeBytes);
        Assert.NotNull(room.TryPlace(Layout(10)));
    }

    [Fact]
    public void Without_volumes_nothing_fits() => Assert.Null(new VolumeRoom([]).TryPlace(Layout(0)));

    private static FileLayout Layout(long dataChunks) => new(dataChunks * ChunkBytes, ChunkBytes, 10, 3);

    private static VolumeInfo Volume(string id, long freeBytes) => new(id, freeBytes, freeBytes);
}
