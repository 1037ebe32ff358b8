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
        // It has stood for a while.
        _time.Advance(TimeSpan.FromSeconds(4));
        for (int chunk = 0; chunk < 100; chunk++) _dispatcher.Put($"chunk {chunk}", MiB, urgent: false);
    }

    [Fact]
    public async Task A_path_that_is_not_measured_has_eight_mebibytes_on_its_way_and_the_next_chunk_leaves_when_one_has_arrived()
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
    public async Task A_long_path_has_on_its_way_what_it_carries_in_two_round_trips_and_eight_mebibytes_for_its_ends()
    {
        _dispatcher.Measured(_path, TimeSpan.FromMilliseconds(200));
        await TakeAsync(8);
        // 40 MiB/s, hence 16 MiB in two round trips.
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _dispatcher.Delivered(_path, 8 * MiB);
        await TakeAsync(24);
        Assert.False(TakeAsync().IsCompleted);
    }

    [Theory, InlineData(false, 4), InlineData(true, 8)]
    public async Task A_slow_path_has_less_on_its_way_so_that_nothing_waits_long_on_it_unless_it_has_just_been_connected(bool isNew, int chunks)
    {
        if (isNew) _path.Vitals.Connected();
        _dispatcher.Measured(_path, TimeSpan.FromMilliseconds(20));
        await TakeAsync(2);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _dispatcher.Delivered(_path, 2 * MiB);
        // 10 MiB/s: 0.4 MiB in two round trips, and what it carries in 0.3 s. What is new may carry more: eight mebibytes.
        await TakeAsync(chunks);
        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Of_the_lanes_that_wait_the_one_with_least_on_its_way_is_next()
    {
        await TakeAsync(8);
        int onSlow = 3, onFast = 4;
        Task<string> slow = _dispatcher.TakeAsync(_path, default, onLane: () => onSlow).AsTask(), fast = _dispatcher.TakeAsync(_path, default, onLane: () => onFast).AsTask();
        // While they waited.
        onFast = 1;
        _dispatcher.Delivered(_path, MiB);
        Assert.Equal("chunk 8", await fast);
        Assert.False(slow.IsCompleted);
        _dispatcher.Delivered(_path, MiB);
        Assert.Equal("chunk 9", await slow);
    }

    [Fact]
    public async Task What_a_path_carries_that_is_not_full_does_not_make_it_look_slow()
    {
        await TakeAsync(8);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _dispatcher.Delivered(_path, 8 * MiB);
        for (int chunk = 0; chunk < 10; chunk++)
        {
            await TakeAsync();
            _time.Advance(TimeSpan.FromMilliseconds(200));
            _dispatcher.Delivered(_path, MiB);
        }
        Assert.Equal(40, _path.BelievedBytesPerSecond!.Value / MiB, tolerance: 0.1);
        Assert.InRange(_path.BytesPerSecond!.Value / MiB, 4, 10);
        // Full, and slower by now.
        await TakeAsync(8);
        for (int chunk = 0; chunk < 20; chunk++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            if (_path.InFlightBytes > 0) _dispatcher.Delivered(_path, MiB);
            _ = TakeAsync();
        }
        Assert.InRange(_path.BelievedBytesPerSecond!.Value / MiB, 4, 10);
    }

    /// <summary>A path that nothing is known of gets one chunk on trust; one that was slow in an earlier call gets none.</summary>
    [Theory, InlineData(0, true), InlineData(64 * 1024, false)]
    public async Task A_path_that_was_slow_lately_gets_nothing_that_another_delivers_sooner(int bytesPerSecond, bool gets)
    {
        PathLink slow = Known("b", bytesPerSecond), fast = Known("c", 10 * MiB);
        _dispatcher.Remove(_path);
        _dispatcher.Add(slow);
        _dispatcher.Add(fast);
        Task<string> ofSlow = _dispatcher.TakeAsync(slow, default).AsTask(), next = _dispatcher.TakeAsync(slow, default).AsTask();
        for (int taken = 0; taken < 4; taken++) await Soon.DoneAsync("a chunk for the fast path", _dispatcher.TakeAsync(fast, default).AsTask());
        Assert.Equal((gets, false), (ofSlow.IsCompleted, next.IsCompleted));
    }

    /// <summary>An earlier call may have had little to send: what is known of it chooses, and doesn't limit.</summary>
    [Fact]
    public async Task A_path_that_was_slow_lately_is_filled_and_believed_to_be_faster_as_soon_as_it_is()
    {
        PathLink path = Known("b", 64 * 1024);
        _dispatcher.Remove(_path);
        _dispatcher.Add(path);
        for (int taken = 0; taken < 8; taken++) await Soon.DoneAsync("a chunk", _dispatcher.TakeAsync(path, default).AsTask());
        Assert.False(_dispatcher.TakeAsync(path, default).AsTask().IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _dispatcher.Delivered(path, 8 * MiB);
        Assert.Equal(40, path.BelievedBytesPerSecond!.Value / MiB, tolerance: 0.1);
    }

    [Fact]
    public async Task A_chunk_that_is_given_back_leaves_room_too()
    {
        await TakeAsync(8);
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
        for (int i = 0; i < 2; i++) await Soon.DoneAsync("a chunk for the other path", _dispatcher.TakeAsync(other, default).AsTask());
        Assert.False(next.IsCompleted);
        if (delivers) _dispatcher.Delivered(_path, MiB);
        else _dispatcher.GivenBack(_path, MiB);
        await Soon.DoneAsync("a chunk for the path that was late", next);
    }

    [Theory, InlineData(500, true), InlineData(3000, false)]
    public async Task What_waits_for_a_full_path_goes_over_another_that_delivers_it_before_all_is_delivered(int slowMilliseconds, bool goes)
    {
        PathLink slow = Full(slowMilliseconds);
        Task<string> ofSlow = _dispatcher.TakeAsync(slow, default).AsTask();
        _dispatcher.Reconsider();
        Assert.Equal(goes, ofSlow.IsCompleted);
    }

    [Fact]
    public async Task What_waits_for_a_full_path_goes_over_another_when_nothing_arrives_any_more()
    {
        PathLink slow = Full(3000);
        Task<string> ofFull = TakeAsync(), ofSlow = _dispatcher.TakeAsync(slow, default).AsTask();
        _dispatcher.Reconsider();
        Assert.False(ofSlow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2.1));
        _dispatcher.Reconsider();
        await ofSlow;
        Assert.False(ofFull.IsCompleted);
    }

    // The path is full and believed to carry 80 MiB/s, so that all that waits is there in little more than a second; another takes so long
    // for a mebibyte.
    private PathLink Full(int slowMilliseconds)
    {
        PathLink slow = new("b", LaneKind.Tls, _time);
        _dispatcher.Add(slow);
        Deliver(_path, milliseconds: 100, mebibytes: 8);
        Deliver(slow, slowMilliseconds, mebibytes: 1);
        for (int taken = 0; taken < 8; taken++) _ = TakeAsync();
        return slow;

        void Deliver(PathLink path, int milliseconds, int mebibytes)
        {
            path.Start(mebibytes * MiB);
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            _dispatcher.Delivered(path, mebibytes * MiB);
        }
    }

    private PathLink Known(string key, double bytesPerSecond) => new(key, LaneKind.Tls, _time, known: new()
    {
        Key = key,
        Status = "active",
        RoundTripMs = 30,
        BytesPerSecond = bytesPerSecond,
        Bytes = MiB,
        Chunks = 1,
        Failures = 0,
        UpdatedAt = _time.GetUtcNow(),
    });

    private async Task TakeAsync(int chunks)
    {
        for (int taken = 0; taken < chunks; taken++) await Soon.DoneAsync("a chunk", TakeAsync());
    }

    private Task<string> TakeAsync() => _dispatcher.TakeAsync(_path, default).AsTask();
}
