using ChunkStream.Transport.Congestion;
using Xunit;

namespace ChunkStream.Tests.Transport.Congestion;

public sealed class FirstFlightTests
{
    [Fact]
    public async Task Chunks_beyond_the_window_wait_until_something_was_heard_and_small_frames_never()
    {
        var flight = new FirstFlight();
        Task chunks = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => flight.EnterAsync(64 * 1024, CancellationToken.None)));
        Assert.False(chunks.IsCompleted || flight.IsOver);
        Assert.True(flight.EnterAsync(LanePacer.FreeBytes, CancellationToken.None).IsCompletedSuccessfully);

        flight.Heard();
        await Soon.DoneAsync("the chunks that waited", chunks);
        Assert.True(flight.IsOver && flight.EnterAsync(int.MaxValue, CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var ending = new CancellationTokenSource();
        Task waiting = new FirstFlight().EnterAsync(1024 * 1024, ending.Token);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
