using Xunit;

namespace ChunkStream.Tests.Frontend;

/// <summary>Waits, within bounds, for what another process or thread does.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Within);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            if (limit.IsCancellationRequested) Assert.Fail($"Within {Within} it didn't come about that {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
