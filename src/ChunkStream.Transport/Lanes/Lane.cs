using System.Buffers;
using System.Net;
using System.Net.Quic;
using System.Net.Sockets;
using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Congestion;

namespace ChunkStream.Transport.Lanes;

/// <summary>
/// Step 4 of 8, cross. One bidirectional byte stream that carries frames. From <c>SendingLane</c> in the SDK, to <c>ReceivingLane</c>
/// in the gateway.
/// <para>One task reads; any number may write, a whole frame at a time. Whatever ends a lane surfaces as <see cref="LaneException"/>.</para>
/// </summary>
public abstract class Lane(Stream stream, EndPoint? localEndPoint, EndPoint? remoteEndPoint) : IAsyncDisposable
{
    // Small frames are read many at a time; a chunk's bytes go straight to where they belong.
    private readonly byte[] _readAhead = new byte[4096];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _readStart, _readEnd;
    private bool _isWithinFrame, _isNew = true;

    public abstract LaneKind Kind { get; }

    public EndPoint? LocalEndPoint { get; } = localEndPoint;

    public EndPoint? RemoteEndPoint { get; } = remoteEndPoint;

    /// <summary>The pace of this lane's connection; null where the congestion control keeps one itself, as TCP's does.</summary>
    public LanePacer? Pacer { get; private protected init; }

    /// <summary>What its connection's first lanes may write before the other side is heard; null where that doesn't matter.</summary>
    private protected FirstFlight? FirstFlight { get; init; }

    /// <summary>What the system measured; null where it doesn't tell, as over QUIC.</summary>
    public virtual LaneMeasure? Measure() => null;

    /// <summary>The next frame's header, or null where the other side has ended the lane between two frames.</summary>
    /// <exception cref="LaneException">The lane is lost, or what came isn't a frame.</exception>
    public async ValueTask<FrameHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (_readEnd - _readStart < FrameHeader.SizeBytes)
        {
            if (_readStart > 0)
            {
                _readAhead.AsSpan(_readStart.._readEnd).CopyTo(_readAhead);
                (_readStart, _readEnd) = (0, _readEnd - _readStart);
            }
            int read = await ReadSomeAsync(_readAhead.AsMemory(_readEnd), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                if (_readEnd == 0) return null;
                throw new LaneException(FailureCode.FrameTruncated, $"The lane ended after {_readEnd} of a frame header's {FrameHeader.SizeBytes} bytes.");
            }
            _readEnd += read;
        }

        FailureCode problem = FrameHeader.TryRead(_readAhead.AsSpan(_readStart, FrameHeader.SizeBytes), out FrameHeader header);
        if (problem != FailureCode.None)
        {
            string shown = Convert.ToHexStringLower(_readAhead.AsSpan(_readStart, FrameHeader.SizeBytes));
            throw new LaneException(problem, $"The bytes {shown} aren't a frame header: {problem.ToName()}.");
        }
        _readStart += FrameHeader.SizeBytes;
        return header;
    }

    /// <summary>Reads the body, or the next part of it, of the frame whose header came last.</summary>
    public async ValueTask ReadBodyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int ahead = Math.Min(destination.Length, _readEnd - _readStart);
        _readAhead.AsSpan(_readStart, ahead).CopyTo(destination.Span);
        _readStart += ahead;
        int filled = ahead;
        while (filled < destination.Length)
        {
            int read = await ReadSomeAsync(destination[filled..], cancellationToken).ConfigureAwait(false);
            if (read == 0) throw new LaneException(FailureCode.FrameTruncated, $"The lane ended after {filled} of {destination.Length} bytes of a frame's body.");
            filled += read;
        }
    }

    /// <summary>Reads a short body as text, for the failure that a peer sends.</summary>
    public async ValueTask<string> ReadTextAsync(FrameHeader header, CancellationToken cancellationToken)
    {
        byte[] body = new byte[header.BodyBytes];
        await ReadBodyAsync(body, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(body);
    }

    /// <summary>Writes a frame that is ready to go. A write that is cancelled may leave half of it, after which nothing can be written.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What is written after half a frame would be read as the rest of it, and as frames that nobody sent.
            if (_isWithinFrame) throw new LaneException(FailureCode.PathLost, "The lane was left within a frame; nothing can follow.");
            if (FirstFlight is { IsOver: false }) await FirstFlight.EnterAsync(frame.Length, cancellationToken).ConfigureAwait(false);
            _isWithinFrame = true;
            bool isFirst = _isNew && frame.Length > LanePacer.FreeBytes;
            _isNew &= !isFirst;
            long place = Pacer?.Begin(isFirst) ?? 0;
            for (int written = 0; written < frame.Length;)
            {
                int left = frame.Length - written;
                int piece = Pacer is null ? left : await Pacer.TakeAsync(place, left, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(frame.Slice(written, piece), cancellationToken).ConfigureAwait(false);
                written += piece;
            }
            _isWithinFrame = false;
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            throw Lost(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Writes a frame from its parts. For small frames: the body is copied.</summary>
    public async ValueTask WriteAsync(FrameHeader header, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        int length = FrameHeader.SizeBytes + body.Length;
        byte[] frame = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            header.Write(frame);
            body.CopyTo(frame.AsMemory(FrameHeader.SizeBytes));
            await WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    public ValueTask WriteAsync(FrameHeader header, CancellationToken cancellationToken) => WriteAsync(header, default, cancellationToken);

    /// <summary>
    /// Tells the other side why the lane ends. Over QUIC it returns when that has arrived, so that the lane may be disposed of at once.
    /// What goes wrong with it is of no interest any more.
    /// </summary>
    public async ValueTask TryFailAsync(Failure failure, CancellationToken cancellationToken)
    {
        byte[] message = Encoding.UTF8.GetBytes(failure.Message);
        if (message.Length > FrameLimits.MaxMessageBytes) message = message[..FrameLimits.MaxMessageBytes];
        try
        {
            await WriteAsync(FrameHeader.Of(FrameType.Fail, message.Length, failure.Code), message, cancellationToken).ConfigureAwait(false);
            await CloseAsync(cancellationToken).ConfigureAwait(false);
            await ArrivedAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || IsLoss(exception))
        {
        }
    }

    /// <summary>Ends our direction in good order: the other side reads to the end.</summary>
    public abstract ValueTask CloseAsync(CancellationToken cancellationToken);

    /// <summary>Ends the lane at once, both directions; what is on its way is lost. May be called while others read and write.</summary>
    public abstract void Abort();

    public virtual async ValueTask DisposeAsync()
    {
        Abort();
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>After <see cref="CloseAsync"/>: waits until what was written is safe from the lane being disposed of.</summary>
    private protected virtual Task ArrivedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async ValueTask<int> ReadSomeAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            int read = await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            FirstFlight?.Heard();
            return read;
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            throw Lost(exception);
        }
    }

    private protected static bool IsLoss(Exception exception) =>
        exception is IOException or QuicException or SocketException or ObjectDisposedException or InvalidOperationException;

    private protected static LaneException Lost(Exception exception) =>
        exception as LaneException ?? new(FailureCode.PathLost, "The lane was lost: " + exception.Message, exception) { EndedByPeer = IsPeersEnd(exception) };

#pragma warning disable CA1416 // A QuicException is only ever seen where QUIC is supported.
    private static bool IsPeersEnd(Exception exception) => exception
        is QuicException { QuicError: QuicError.StreamAborted, ApplicationErrorCode: (long)FailureCode.Cancelled }
        or QuicException { QuicError: QuicError.ConnectionAborted, ApplicationErrorCode: (long)FailureCode.None };
#pragma warning restore CA1416
}
