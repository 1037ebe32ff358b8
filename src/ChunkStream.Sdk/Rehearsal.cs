using ChunkStream.Core.Erasure;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk;

/// <summary>
/// What a process does for the first time takes it many times as long: libraries are loaded, and code compiled for this processor. So what
/// the first chunks need is done once, on a processor that would wait, while the service is asked.
/// </summary>
internal static class Rehearsal
{
    private static int _begun;

    /// <summary>Begins it, once a process; nobody waits for it. What fails here fails again where it matters.</summary>
    public static void Begin(PathDialer dialer)
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0) _ = Task.Run(() => Rehearse(dialer), CancellationToken.None);
    }

    private static void Rehearse(PathDialer dialer)
    {
        dialer.Prepare();
        // Tests the kernel too, which has to be done before the first stripe anyway.
        ReedSolomon.SelfTest();
        Blake3.Subtree(new byte[FileLayout.MinChunkBytes], offsetBytes: 0);
    }
}
