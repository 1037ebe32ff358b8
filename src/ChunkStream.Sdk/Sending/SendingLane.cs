using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Protocol.Sending;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Sending;

/// <summary>
/// One lane of a sender: writes the chunks that the dispatcher gives its path, and reads what the gateway says of them. A chunk's
/// buffer is kept until the gateway has accepted it, so that whatever ends the lane, the chunk goes to another.
/// </summary>
/// <param name="lane">A lane that has shown its ticket. Chunks don't wait for the welcome.</param>
/// <param name="path">Its path.</param>
/// <param name="welcomed">The welcome; fails where the gateway refuses.</param>
internal sealed class SendingLane(
    Lane lane, PathLink path, Task<WelcomeBody> welcomed, FileLayout layout, SendLedger ledger, StripeProducer producer, ChunkDispatcher<ChunkBuffer> dispatcher,
    ChunkRetries retries, SendCounters counters, StripeTimes times, SendOptions options, BandwidthFlow bandwidth, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ChunkIndex, InFlight> _inFlight = [];
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Guid _incarnation;
    private bool _isRetired;

    /// <inheritdoc cref="LaneRunner"/>
    public async Task RunAsync(CancellationToken retired, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = ReadAsync(ending.Token), writing = WriteAsync(retired, ending.Token);
        Task first = await Task.WhenAny(reading, writing).ConfigureAwait(false);
        if (writing.IsCompletedSuccessfully)
        {
            lock (_lock) _isRetired = true;
            SeeArrived();
            first = await Task.WhenAny(reading, _arrived.Task).ConfigureAwait(false);
        }
        // The gateway's reason comes in on the reading side, often after writing has failed: it is worth a moment.
        if (first == writing) await Task.WhenAny(reading, Task.Delay(200, CancellationToken.None)).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        // Ended by us, the lane ends in good order; else what is left of it is cut off.
        if (first == _arrived.Task || cancellationToken.IsCancellationRequested) await lane.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        else lane.Abort();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        GiveBack();
        if (reading.Exception?.InnerException is LaneException) await reading.ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    /// <summary>Chunks that were handed to this lane so long ago and aren't answered.</summary>
    public IReadOnlyList<ChunkIndex> OnTheirWayFor(TimeSpan duration)
    {
        lock (_lock) return [.. _inFlight.Where(flight => time.GetElapsedTime(flight.Value.StartedAt) >= duration).Select(flight => flight.Key)];
    }

    // Returns when the lane is retired.
    private async Task WriteAsync(CancellationToken retired, CancellationToken cancellationToken)
    {
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(retired, cancellationToken);
        for (bool isFirst = true; await dispatcher.TryTakeAsync(path, isFirst, taking.Token).ConfigureAwait(false) is { } chunk; isFirst = false)
        {
            // Told of its commit while it waited in line, as after a reconnection; or lost with another path, and meanwhile the rest of
            // its stripe has arrived.
            if (!ledger.IsWanted(chunk.Index) || ledger.TryDoWithout(chunk.Index))
            {
                path.Vitals.Cancelled();
                Drop(chunk);
                continue;
            }
            if (options.LoseChunk?.Invoke(chunk.Index) == true)
            {
                counters.Lost();
                ledger.Sent(chunk.Index);
                ledger.GiveUp(chunk.Index);
                Drop(chunk);
                continue;
            }
            var flight = new InFlight(chunk, time.GetTimestamp());
            bool isTwice;
            lock (_lock) isTwice = !_inFlight.TryAdd(chunk.Index, flight);
            // Sent again because it was late, and given to the lane that it is late on.
            if (isTwice)
            {
                Drop(chunk);
                continue;
            }
            options.ChunkSent?.Invoke(chunk.Index);
            counters.Sent();
            ledger.Sent(chunk.Index);
            times.Sent(chunk.Index.Stripe);
            try
            {
                await bandwidth.EnterForChunkAsync(chunk.LengthBytes, cancellationToken).ConfigureAwait(false);
                flight.HasEntered = true;
                await lane.WriteAsync(chunk.Frame, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // A write may fail after its chunk was accepted, which then waits for nothing else.
                flight.Written();
            }
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        _incarnation = (await welcomed.ConfigureAwait(false)).Incarnation;
        byte[] committed = new byte[FrameLimits.MaxCommittedBytes];
        while (true)
        {
            FrameHeader header = await LaneOpening.ReadAsync(lane, cancellationToken).ConfigureAwait(false);
            switch (header.Type)
            {
                case FrameType.Accepted:
                    if (Take(header.Index) is not { } accepted) throw Unasked(header);
                    dispatcher.Delivered(path, accepted.Chunk.LengthBytes);
                    bandwidth.Delivered(accepted.Chunk.LengthBytes);
                    accepted.Settled();
                    bool isLast = ledger.Accept(header.Index, _incarnation);
                    times.Accepted(header.Index.Stripe);
                    if (isLast)
                        await lane.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), cancellationToken).ConfigureAwait(false);
                    // Accepted by a life that has ended since, as another lane was told: it may be lost.
                    else if (ledger.IsWanted(header.Index)) producer.SendAgain([header.Index]);
                    break;
                case FrameType.Refused:
                    await lane.ReadTextAsync(header, cancellationToken).ConfigureAwait(false);
                    if (Take(header.Index) is not { } refused) throw Unasked(header);
                    Refused(header, refused);
                    break;
                case FrameType.Committed:
                    Memory<byte> body = committed.AsMemory(0, header.BodyBytes);
                    await lane.ReadBodyAsync(body, cancellationToken).ConfigureAwait(false);
                    if (!CommittedBody.TryRead(body.Span, layout, out ChunkSet chunks))
                        throw new LaneException(FailureCode.ChunkOutsideLayout, "The gateway told of commits outside of the layout.");
                    ledger.Commit(chunks);
                    break;
                case FrameType.Priority:
                    bandwidth.Priority = await LaneOpening.ReadPriorityAsync(lane, header, cancellationToken).ConfigureAwait(false);
                    break;
                case FrameType.Pong:
                    dispatcher.Measured(path, await LaneOpening.ReadPongAsync(lane, header, time, cancellationToken).ConfigureAwait(false));
                    break;
                default:
                    throw new LaneException(FailureCode.FrameUnknown, $"A gateway sends no {header.Type} frames on a sending lane.");
            }
            SeeArrived();
        }
    }

    private void SeeArrived()
    {
        lock (_lock)
            if (_isRetired && _inFlight.Count == 0) _arrived.TrySetResult();
    }

    private void Refused(FrameHeader header, InFlight refused)
    {
        dispatcher.GivenBack(path, refused.Chunk.LengthBytes);
        bandwidth.Delivered(refused.Chunk.LengthBytes);
        counters.Resent();
        path.Vitals.Resent();
        refused.Settled();
        retries.Refused(header.Index, header.Code);
    }

    // The lane has ended and nothing uses its buffers any more: what wasn't accepted and is needed goes to another lane.
    private void GiveBack()
    {
        // Where no path is left it was the gateway that went, and what it had accepted may be gone with it.
        bool hasOther = dispatcher.HasOther(path);
        foreach (InFlight flight in _inFlight.Values)
        {
            dispatcher.GivenBack(path, flight.Chunk.LengthBytes);
            if (flight.HasEntered) bandwidth.Lost(flight.Chunk.LengthBytes);
            if (hasOther) ledger.MayDoWithout(flight.Chunk.Index);
            if (!ledger.IsWanted(flight.Chunk.Index) || ledger.TryDoWithout(flight.Chunk.Index))
            {
                path.Vitals.Cancelled();
                flight.Chunk.Dispose();
                continue;
            }
            counters.Resent();
            path.Vitals.Resent();
            dispatcher.Put(flight.Chunk, flight.Chunk.LengthBytes, urgent: true);
        }
        _inFlight.Clear();
    }

    private void Drop(ChunkBuffer chunk)
    {
        dispatcher.GivenBack(path, chunk.LengthBytes);
        chunk.Dispose();
    }

    private InFlight? Take(ChunkIndex index)
    {
        lock (_lock) return _inFlight.Remove(index, out InFlight? flight) ? flight : null;
    }

    private static LaneException Unasked(FrameHeader header) =>
        new(FailureCode.FrameUnknown, $"The gateway answered chunk {header.Index} ({header.Type}), which this lane didn't send.");

    /// <summary>A chunk between our hands and the gateway's answer. Its buffer is free when it was both written out and answered.</summary>
    private sealed class InFlight(ChunkBuffer chunk, long startedAt)
    {
        private int _open = 2;

        public long StartedAt => startedAt;

        public ChunkBuffer Chunk => chunk;

        public bool HasEntered { get; set; }

        public void Written() => Finish();

        public void Settled() => Finish();

        private void Finish()
        {
            if (Interlocked.Decrement(ref _open) == 0) chunk.Dispose();
        }
    }
}
