using System.Threading.Channels;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Gateway.Handshake;

/// <summary>
/// The small frames on their way out of a lane, written many at a time by one task. At most <see cref="Capacity"/> wait: a client
/// that doesn't read what it is told holds up itself, and nobody else.
/// </summary>
internal sealed class LaneOutbox(Lane lane, TimeProvider time)
{
    public const int Capacity = 1024;
    private const int BatchBytes = 16 * 1024;

    // Of a write that goes on when the lane ends. Cut off at once it would leave half a frame, after which the client can't be told why.
    private static readonly TimeSpan LastWriteWithin = TimeSpan.FromSeconds(0.5);

    private readonly Channel<(FrameHeader Header, byte[]? Body)> _frames =
        Channel.CreateBounded<(FrameHeader, byte[]?)>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private volatile bool _isComplete;

    /// <summary>Puts a frame in line, waiting for room.</summary>
    /// <exception cref="LaneException">The lane is lost.</exception>
    public async ValueTask PostAsync(FrameHeader header, byte[]? body, CancellationToken cancellationToken)
    {
        try
        {
            await _frames.Writer.WriteAsync((header, body), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException exception)
        {
            throw new LaneException(FailureCode.PathLost, "The client can't be told any more.", exception);
        }
    }

    /// <summary>Puts a frame in line; where there is no room the lane is ended. After <see cref="Complete"/> it does nothing.</summary>
    /// <returns>Whether the frame is in line.</returns>
    public bool TryPost(FrameHeader header, byte[]? body)
    {
        if (_frames.Writer.TryWrite((header, body))) return true;
        // A lane that ends already still has to say why.
        if (!_isComplete) lane.Abort();
        return false;
    }

    /// <summary>No more frames will come; <see cref="RunAsync"/> ends when the line is empty.</summary>
    public void Complete()
    {
        _isComplete = true;
        _frames.Writer.TryComplete();
    }

    /// <summary>Writes frames until there are no more or the lane is lost.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] batch = new byte[BatchBytes];
        using var writing = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using CancellationTokenRegistration ending = cancellationToken.UnsafeRegister(static writing => ((CancellationTokenSource)writing!).CancelAfter(LastWriteWithin), writing);
        try
        {
            while (await _frames.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                int filled = 0;
                while (_frames.Reader.TryPeek(out var frame) && (filled == 0 || filled + Length(frame) <= BatchBytes))
                {
                    _frames.Reader.TryRead(out frame);
                    if (Length(frame) > BatchBytes)
                    {
                        await lane.WriteAsync(frame.Header, frame.Body, writing.Token).ConfigureAwait(false);
                        continue;
                    }
                    frame.Header.Write(batch.AsSpan(filled));
                    frame.Body?.CopyTo(batch, filled + FrameHeader.SizeBytes);
                    filled += Length(frame);
                }
                if (filled > 0) await lane.WriteAsync(batch.AsMemory(0, filled), writing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is LaneException or OperationCanceledException)
        {
            // The lane's reader sees the same and says so; the frames that wait are of no use to anyone.
            Complete();
        }
    }

    private static int Length((FrameHeader Header, byte[]? Body) frame) => FrameHeader.SizeBytes + (frame.Body?.Length ?? 0);
}
