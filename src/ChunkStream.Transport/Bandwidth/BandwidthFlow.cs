using ChunkStream.Core.Integrity;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Bandwidth;

/// <summary>
/// One transfer's part of a <see cref="SharedBandwidth"/>: what its lanes ask before they put bytes on the wire. Thread-safe. To be
/// disposed of when the transfer has no lanes any more.
/// </summary>
public sealed class BandwidthFlow : IDisposable
{
    // A chunk's frame, and the 16 bytes with which the other side asks for it or answers it.
    private const int ChunkOverheadBytes = FrameHeader.SizeBytes + Digest.SizeBytes + FrameHeader.SizeBytes;

    private readonly SharedBandwidth _owner;
    private volatile Priority _priority;
    private int _closed;

    internal BandwidthFlow(SharedBandwidth owner, Priority priority) => (_owner, _priority) = (owner, priority);

    /// <summary>The transfer's level. A change acts at once, on what waits already too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It isn't a level.</exception>
    public Priority Priority
    {
        get => _priority;
        set => _owner.Move(this, value);
    }

    /// <summary>Waits until a chunk of this length may cross.</summary>
    /// <exception cref="LaneException"><c>limit-reached</c>: more than <see cref="SharedBandwidth.MaxWaiting"/> writers wait.</exception>
    public ValueTask EnterForChunkAsync(int lengthBytes, CancellationToken cancellationToken) =>
        _owner.EnterAsync(this, ChunkOverheadBytes + lengthBytes, cancellationToken);

    /// <summary>Waits until so many bytes, headers included, may cross.</summary>
    /// <exception cref="LaneException"><c>limit-reached</c>: more than <see cref="SharedBandwidth.MaxWaiting"/> writers wait.</exception>
    public ValueTask EnterAsync(int wireBytes, CancellationToken cancellationToken) => _owner.EnterAsync(this, wireBytes, cancellationToken);

    /// <summary>
    /// The other side has a chunk of this length, or it has come from there: that tells what the network takes. Said once for each that entered,
    /// unless it is <see cref="Lost"/>.
    /// </summary>
    public void Delivered(int lengthBytes) => _owner.Delivered(ChunkOverheadBytes + lengthBytes);

    /// <summary>A chunk of this length entered, and is awaited no more.</summary>
    public void Lost(int lengthBytes) => _owner.Lost(ChunkOverheadBytes + lengthBytes);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) _owner.Close(this);
    }

    internal void MovedTo(Priority priority) => _priority = priority;
}
