namespace ChunkStream.Tests;

/// <summary>Measures what code allocates once it has settled.</summary>
internal static class Allocations
{
    /// <summary>
    /// The least that a run of <paramref name="action"/> allocated on this thread. Code that allocates on each call does so in every run; the
    /// runtime, which compiles and loads when it sees fit, and caches that are shared with other tests do so in a few.
    /// </summary>
    public static long Least(Action action)
    {
        long least = long.MaxValue;
        for (int run = 0; run < 10 && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
