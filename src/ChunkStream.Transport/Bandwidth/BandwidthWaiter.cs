namespace ChunkStream.Transport.Bandwidth;

/// <summary>A writer that waits for its turn.</summary>
internal sealed class BandwidthWaiter(BandwidthFlow flow) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private CancellationTokenRegistration _registration;

    public BandwidthFlow Flow => flow;

    /// <summary>Lets the writer go when it is cancelled; its place in line is skipped when its turn comes.</summary>
    public void CancelWith(CancellationToken cancellationToken) => _registration = cancellationToken.UnsafeRegister(
        static (state, token) => ((BandwidthWaiter)state!).TrySetCanceled(token), this);

    /// <summary>It is the writer's turn; false where it no longer waits.</summary>
    public bool TryGrant()
    {
        // Without waiting for a cancellation that runs now: that one may be waiting for a lock of the caller's.
        _registration.Unregister();
        return TrySetResult();
    }
}
