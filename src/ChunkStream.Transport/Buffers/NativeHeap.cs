using System.Runtime.InteropServices;

namespace ChunkStream.Transport.Buffers;

/// <summary>
/// Bounds what the C library keeps for itself. glibc gives threads heaps of their own, up to eight a core, and libmsquic's packets are
/// made on one thread and freed on another: each heap grows to the most that it ever held. This took a gateway's peak over QUIC from 477
/// to 391 MiB at no cost in speed; <c>MALLOC_ARENA_MAX=2</c> in the environment, which counts from the first thread on, to 279. Does
/// nothing where the C library is another.
/// </summary>
public static partial class NativeHeap
{
    private const int ArenaMax = -8; // M_ARENA_MAX of glibc's malloc.h

    /// <summary>To be called once, first thing in a program.</summary>
    public static void Bound()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetMallocOption(ArenaMax, 2);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, with another allocator.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);
}
