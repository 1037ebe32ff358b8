using ChunkStream.Sdk.Paths;
using ChunkStream.Tests.Grains;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>How much a path is given at once.</summary>
public sealed class ChunkDispatcherTests
{
    private const long MiB = 1024 * 1024;

    private readonly ManualTime _time = new();
    private readonly ChunkDispatcher<string> _dispatcher = new();
    private readonly PathLink _path;

    public ChunkDispatcherTests()
    {
        _path = new("a", LaneKind.Tls, _time);
        _dispatcher.Add(_path);
        for (int chunk = 0; chunk < 100; chunk++) _dispatcher.Put($"chunk {chunk}", MiB, urgent: false);
    }

    [Fact]
    public async Task A_short_path_has_eight_mebibytes_on_its_way_and_the_next_chunk_leaves_when_one_has_arrived()
    {
        _dispatcher.Measured(_path, TimeSpan.FromMilliseconds(1));
        for (int taken = 0; taken < 8; taken++) Assert.Equal($"chunk {taken}", await TakeAsync());
        Task<string> next = TakeAsync();
        Assert.False(next.IsCompleted);
        // A lane waits: another one wouldn't help.
        Assert.False(_dispatcher.WantsLane(_path));
        _dispatcher.Delivered(_path, MiB);
        Assert.Equal("chunk 8", await next);
    }

    [Fact]
    public async Task A_long_path_has_on_its_way_what_it_carries_in_two_round_trips()
    {
        _dispatcher.Measured(_path, TimeSpan.FromMilliseconds(200));
        for (int taken = 0; taken < 8; taken++) await TakeAsync();
        // 40 MiB/s, hence 16 MiB in two round trips.
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _dispatcher.Delivered(_path, 8 * MiB);
        for (int taken = 0; taken < 16; taken++) await TakeAsync();
        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task A_chunk_that_is_given_back_leaves_room_too()
    {
        for (int taken = 0; taken < 8; taken++) await TakeAsync();
        Task<string> next = TakeAsync();
        _dispatcher.GivenBack(_path, MiB);
        Assert.Equal("chunk 8", await next);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_path_on_which_a_chunk_is_late_gets_no_other_until_it_has_delivered_or_given_back(bool delivers)
    {
        // Both are taken to be as fast as the one that was measured.
        PathLink other = new("b", LaneKind.Tls, _time);
        _dispatcher.Add(other);
        await TakeAsync();
        await _dispatcher.TakeAsync(other, default);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _dispatcher.Delivered(other, MiB);

        _dispatcher.Late(_path);
        Task<string> next = TakeAsync();
        for (int i = 0; i < 4; i++) await Soon.DoneAsync("a chunk for the other path", _dispatcher.TakeAsync(other, default).AsTask());
        Assert.False(next.IsCompleted);
        if (delivers) _dispatcher.Delivered(_path, MiB);
        else _dispatcher.GivenBack(_path, MiB);
        await Soon.DoneAsync("a chunk for the path that was late", next);
    }

    [Fact]
    public async Task What_waits_for_a_full_path_goes_over_another_when_nothing_arrives_any_more()
    {
        PathLink slow = new("b", LaneKind.Tls, _time);
        _dispatcher.Add(slow);
        // One is believed to carry 80 MiB/s, the other 1.
        Deliver(_path, milliseconds: 100, mebibytes: 8);
        Deliver(slow, milliseconds: 1000, mebibytes: 1);
        for (int taken = 0; taken < 8; taken++) await TakeAsync();
        Task<string> ofFull = TakeAsync(), ofSlow = _dispatcher.TakeAsync(slow, default).AsTask();
        _dispatcher.Reconsider();
        Assert.False(ofSlow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2.1));
        _dispatcher.Reconsider();
        await ofSlow;
        Assert.False(ofFull.IsCompleted);

        void Deliver(PathLink path, int milliseconds, int mebibytes)
        {
            path.Start(mebibytes * MiB);
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            _dispatcher.Delivered(path, mebibytes * MiB);
        }
    }

    private Task<string> TakeAsync() => _dispatcher.TakeAsync(_path, default).AsTask();
}
