using System.Diagnostics;
using Xunit;

namespace ChunkStream.Tests;

/// <summary>Bounded waits that say what they waited for.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until it is so.</summary>
    public static async Task TrueAsync(string what, Func<bool> isSo)
    {
        long started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit) Assert.Fail($"Waited {Limit} for {what}.");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until it has ended, however it ends, and answers as it does.</summary>
    public static async Task DoneAsync(string what, Task task)
    {
        await EndedAsync(what, task);
        await task;
    }

    public static async Task<T> DoneAsync<T>(string what, Task<T> task)
    {
        await EndedAsync(what, task);
        return await task;
    }

    private static async Task EndedAsync(string what, Task task)
    {
        if (await Task.WhenAny(task, Task.Delay(Limit)) != task) Assert.Fail($"Waited {Limit} for {what}.");
    }
}
