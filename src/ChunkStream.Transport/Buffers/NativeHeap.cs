using System.Runtime.InteropServices;

namespace ChunkStream.Transport.Buffers;

/// <summary>
/// The memory that libmsquic allocates. glibc keeps what is freed in a heap for each few threads, and doesn't use one thread's for another:
/// transfer after transfer those heaps grow, to twice what was ever in use at once.
/// </summary>
public static unsafe class NativeHeap
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);
    private static readonly delegate* unmanaged<nuint, int> s_trim =
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out nint trim)
            ? (delegate* unmanaged<nuint, int>)trim
            : null;

    private static long s_trimmedAt = -(long)AtMostEvery.TotalMilliseconds;

    /// <summary>
    /// Gives what is free back to the system, in the background: some milliseconds, at most once a second. Does nothing with another C library.
    /// </summary>
    public static void Trim()
    {
        long now = Environment.TickCount64, before = Volatile.Read(ref s_trimmedAt);
        if (s_trim is null || now - before < AtMostEvery.TotalMilliseconds || Interlocked.CompareExchange(ref s_trimmedAt, now, before) != before) return;
        ThreadPool.UnsafeQueueUserWorkItem(static _ => s_trim(0), null);
    }
}
