namespace ChunkStream.Transport.Congestion;

/// <summary>
/// How many chunks a client writes on a new QUIC connection before the gateway has been heard over it. Thread-safe.
/// <para>
/// Where the last packet of a client's handshake is lost, the gateway understands nothing that follows, and libmsquic sends that packet again
/// only after a while in which it neither sent anything nor had anything new to send (loss_detection.c: its probe timer starts with each
/// packet, and probes carry new data first). So what is written at first has to fit into the initial window and be followed by silence, or
/// the connection says nothing until it counts as dead.
/// </para>
/// </summary>
internal sealed class FirstFlight
{
    // Half of the initial window that we set: a chunk of 256 KiB with its header fits. The library's own, ten packets, has room for no chunk.
    private const int MostBytes = 280 * 1024;

    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _leftBytes = QuicCongestion.Applied is null ? 0 : MostBytes;

    /// <summary>Whether the gateway has been heard: from then on everything passes.</summary>
    public bool IsOver => _heard.Task.IsCompleted;

    /// <summary>Something came.</summary>
    public void Heard() => _heard.TrySetResult();

    /// <summary>
    /// Waits until a frame of so many bytes may be written. Small ones don't wait, nor for chunks that do: they are what the gateway answers.
    /// </summary>
    public Task EnterAsync(int bytes, CancellationToken cancellationToken) =>
        IsOver || bytes <= LanePacer.FreeBytes || Interlocked.Add(ref _leftBytes, -bytes) >= 0 ? Task.CompletedTask : _heard.Task.WaitAsync(cancellationToken);
}
