using System.Diagnostics;
using Xunit;

namespace ChunkStream.Tests.Grains;

/// <summary>Bounded waits that say what they waited for.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T>> get, Func<T, bool> isRight)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            T value = await get();
            if (isRight(value)) return value;
            if (Stopwatch.GetElapsedTime(started) > Limit) Assert.Fail($"Waited {Limit} for {what}; it was {value}.");
            await Task.Delay(5);
        }
    }

    public static Task TrueAsync(string what, Func<bool> isRight) => GetAsync(what, () => Task.FromResult(isRight()), right => right);

    public static async Task DoneAsync(string what, Task task)
    {
        if (await Task.WhenAny(task, Task.Delay(Limit)) != task) Assert.Fail($"Waited {Limit} for {what}.");
        await task;
    }
}
