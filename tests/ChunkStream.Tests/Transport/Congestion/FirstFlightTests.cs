using ChunkStream.Transport.Congestion;
using Xunit;

namespace ChunkStream.Tests.Transport.Congestion;

public sealed class FirstFlightTests
{
    [Fact]
    public async Task What_fits_passes_at_once_and_the_rest_when_something_was_heard()
    {
        var flight = new FirstFlight();
        Assert.True(flight.EnterAsync(8 * 1024, CancellationToken.None).IsCompletedSuccessfully);
        Task large = flight.EnterAsync(256 * 1024, CancellationToken.None), small = flight.EnterAsync(1, CancellationToken.None);
        Assert.False(large.IsCompleted || small.IsCompleted || flight.IsOver);

        flight.Heard();
        await Soon.DoneAsync("what waited", Task.WhenAll(large, small));
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
