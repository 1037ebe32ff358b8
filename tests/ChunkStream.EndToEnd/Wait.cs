using System.Diagnostics;

namespace ChunkStream.EndToEnd;

/// <summary>Waits that end, and say what they waited for.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, int seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"Waited {seconds} s until {what}.");
            await Task.Delay(20);
        }
    }
}
