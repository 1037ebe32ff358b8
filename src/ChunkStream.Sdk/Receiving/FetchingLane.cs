using System.Threading.Channels;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Receiving;

/// <summary>
/// One lane of a receiver: asks for the chunks that the dispatcher gives its path, a few ahead of what has come, and reads the answers,
/// which come in the order of the questions.
/// </summary>
/// <param name="lane">A lane that has shown its ticket. What is asked doesn't wait for the welcome.</param>
/// <param name="path">Its path.</param>
/// <param name="welcomedAsync">Waits for the welcome; fails where the gateway refuses.</param>
/// <param name="fetcher">Takes what comes.</param>
/// <param name="dispatcher">Says what to ask for.</param>
/// <param name="bandwidth">The call's.</param>
/// <param name="time">The clock.</param>
internal sealed class FetchingLane(
    Lane lane, PathLink path, Func<CancellationToken, Task> welcomedAsync, StripeFetcher fetcher, ChunkDispatcher<FetchRequest> dispatcher,
    BandwidthFlow bandwidth, TimeProvider time)
{
    // What is asked ahead keeps the gateway reading while answers cross. What is asked here can't be asked on a faster path, so it is little
    // where lanes are many; where they are few, it has to outlast a round trip and what is sent again in it.
    private const int QuicAheadChunks = 2, TlsAheadChunks = 8, TlsAheadBytes = 4 * 1024 * 1024;

    private readonly Channel<FetchRequest> _asked = Channel.CreateBounded<FetchRequest>(
        lane.Kind == LaneKind.Quic ? QuicAheadChunks : Math.Max(TlsAheadChunks, TlsAheadBytes / fetcher.ChunkBytes));

    // Of those that were asked the first so many have entered the bandwidth.
    private int _entered;

    /// <inheritdoc cref="LaneRunner"/>
    public async Task RunAsync(CancellationToken retired, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task asking = AskAsync(retired, ending.Token), reading = ReadAsync(ending.Token);
        Task first = await Task.WhenAny(asking, reading).ConfigureAwait(false), arrived = _asked.Reader.Completion;
        if (asking.IsCompletedSuccessfully) first = await Task.WhenAny(reading, arrived).ConfigureAwait(false);
        if (first == asking) await Task.WhenAny(reading, Task.Delay(200, CancellationToken.None)).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        // Ended by us, the lane ends in good order; else what is left of it is cut off.
        if (first == arrived || cancellationToken.IsCancellationRequested) await lane.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        else lane.Abort();
        await Task.WhenAll(asking, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_asked.Reader.TryRead(out FetchRequest? request)) GiveBack(request, hasEntered: _entered-- > 0);
        if (reading.Exception?.InnerException is LaneException) await reading.ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    // Returns when the lane is retired.
    private async Task AskAsync(CancellationToken retired, CancellationToken cancellationToken)
    {
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(retired, cancellationToken);
        Func<int> onLane = () => _asked.Reader.Count;
        for (bool isFirst = true; await _asked.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false)
            && await dispatcher.TryTakeAsync(path, isFirst, taking.Token, onLane).ConfigureAwait(false) is { } request; isFirst = false)
        {
            // The others of its stripe came while it waited in line.
            if (!fetcher.IsWanted(request))
            {
                path.Vitals.Cancelled();
                dispatcher.GivenBack(path, fetcher.LengthOf(request.Index));
                continue;
            }
            _asked.Writer.TryWrite(request);
            await bandwidth.EnterForChunkAsync(fetcher.LengthOf(request.Index), cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _entered);
            await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, request.Index), cancellationToken).ConfigureAwait(false);
        }
        cancellationToken.ThrowIfCancellationRequested();
        _asked.Writer.Complete();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await welcomedAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            FrameHeader header = await LaneOpening.ReadAsync(lane, cancellationToken).ConfigureAwait(false);
            if (header.Type == FrameType.Priority)
            {
                bandwidth.Priority = await LaneOpening.ReadPriorityAsync(lane, header, cancellationToken).ConfigureAwait(false);
                continue;
            }
            if (header.Type == FrameType.Pong)
            {
                dispatcher.Measured(path, await LaneOpening.ReadPongAsync(lane, header, time, cancellationToken).ConfigureAwait(false));
                continue;
            }
            if (!_asked.Reader.TryPeek(out FetchRequest? request) || request.Index != header.Index)
                throw new LaneException(FailureCode.FrameUnknown, $"The gateway answered with {header.Type} {header.Index}, which wasn't asked for next.");
            switch (header.Type)
            {
                case FrameType.Chunk:
                    await ReadChunkAsync(header, request, cancellationToken).ConfigureAwait(false);
                    break;
                case FrameType.Missing:
                    Answered();
                    dispatcher.GivenBack(path, fetcher.LengthOf(request.Index));
                    bandwidth.Lost(fetcher.LengthOf(request.Index));
                    fetcher.Missing(request);
                    break;
                default:
                    throw new LaneException(FailureCode.FrameUnknown, $"A gateway sends no {header.Type} frames on a receiving lane.");
            }
        }
    }

    private async ValueTask ReadChunkAsync(FrameHeader header, FetchRequest request, CancellationToken cancellationToken)
    {
        int lengthBytes = fetcher.LengthOf(request.Index);
        if (header.BodyBytes != Digest.SizeBytes + lengthBytes)
            throw new LaneException(FailureCode.ChunkLengthWrong, $"Chunk {request.Index} came with {header.BodyBytes - Digest.SizeBytes} bytes; the layout says {lengthBytes}.");
        ChunkBuffer chunk = await fetcher.RentAsync(request.Index, cancellationToken).ConfigureAwait(false);
        try
        {
            await lane.ReadBodyAsync(chunk.Body, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            chunk.Dispose();
            throw;
        }
        Answered();
        dispatcher.Delivered(path, lengthBytes);
        if (request.IsHedge) path.Vitals.Hedged();
        bandwidth.Delivered(lengthBytes);
        fetcher.Arrived(chunk, request);
    }

    private void Answered()
    {
        _asked.Reader.TryRead(out _);
        Interlocked.Decrement(ref _entered);
    }

    private void GiveBack(FetchRequest request, bool hasEntered)
    {
        dispatcher.GivenBack(path, fetcher.LengthOf(request.Index));
        if (hasEntered) bandwidth.Lost(fetcher.LengthOf(request.Index));
        if (!fetcher.IsWanted(request))
        {
            path.Vitals.Cancelled();
            return;
        }
        path.Vitals.Resent();
        dispatcher.Put(request, fetcher.LengthOf(request.Index), urgent: true);
    }
}
