using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using ChunkStream.Protocol.Sending;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Sending;

/// <summary>One call to send one file: the producer, the paths and the ledger, run together until nothing is left to send.</summary>
internal sealed class FileSender(
    IControlPlane control, ChunkStreamClientOptions client, PathDialer dialer, SharedBandwidth shared, ILogger<FileSender> logger, TimeProvider time)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);

    // Paths of one call are told of within some seconds.
    private static readonly TimeSpan UsedTogether = TimeSpan.FromMinutes(1);

    // What the network got in the plan of an earlier call, so that one which wavers about a bound doesn't get another size each time.
    private int? _networkChunkBytes;

    public async Task<SendResult> SendAsync(string path, SendOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        using FileSource source = FileSource.Open(path);
        progress?.Report(new(source.SizeBytes, 0, 0, 0, TransferPhase.Connecting));
        Rehearsal.Begin(dialer);
        await using var headStart = new HeadStart(control, client, dialer, time, cancellationToken);
        Task asking = headStart.BeginAsync();
        string fingerprint = source.Fingerprint();
        await asking.ConfigureAwait(false);
        Opening opening = await OpenAsync(source, fingerprint, options, headStart.Known, cancellationToken).ConfigureAwait(false);
        Transfer transfer = opening.Transfer;
        FileLayout layout = new(transfer.SizeBytes, transfer.ChunkBytes, transfer.DataShards, transfer.ParityShards);
        var ledger = new SendLedger(layout, ChunkSet.FromBounds(opening.Committed));
        var dispatcher = new ChunkDispatcher<ChunkBuffer>();
        var counters = new SendCounters();
        var times = new StripeTimes(ledger, time);
        using var ticket = new TicketHolder(opening, token => control.OpenTransferAsync(transfer.Id, token));
        var paths = new PathRunner<ChunkBuffer>(dispatcher, dialer, client, ticket, headStart, gatewaySends: false, time, logger);
        var reports = new PathReports(control, () => paths.Links, receives: false, client.Timing, time);
        using var producer = new StripeProducer(layout, source, ledger, dispatcher, opening.Parity, client.WindowMiB);
        var late = new LateChunks(ledger, dispatcher, producer.SendAgain, client.Timing, time);
        TimeSpan took = default;
        using var retries = new ChunkRetries(ledger, producer.SendAgain, time);
        try
        {
            // An earlier call may have sent everything and not have lived to see it completed.
            if (transfer.State == TransferState.Completing) await CompleteAsync(null).ConfigureAwait(false);
            else await MoveAsync().ConfigureAwait(false);
            progress?.Report(new(source.SizeBytes, source.SizeBytes, source.SizeBytes, source.SizeBytes, TransferPhase.Done));
            return new(
                transfer.Id, transfer.FileId, source.SizeBytes, transfer.ChunkBytes, transfer.Blake3!.Value, counters.SentChunks, counters.LostChunks, counters.ResentChunks,
                ledger.CommittedBefore, transfer.RebuiltChunks, paths.Summaries, took,
                times.Quantile(0.5), times.Quantile(0.99));
        }
        catch (ChunkStreamException exception) when (exception.Code is FailureCode.FileChanged or FailureCode.SourceUnreadable)
        {
            await TryFailAsync(transfer.Id, new(exception.Code, exception.Message)).ConfigureAwait(false);
            throw;
        }

        async Task MoveAsync()
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using BandwidthFlow bandwidth = shared.Open((Priority)transfer.Priority);
            Task<Digest> producing = producer.ProduceAsync(stopping.Token);
            Task serving = ServeAsync();
            Task running = paths.RunAsync((lane, link, retired, token) => RunLaneAsync(lane, link, bandwidth, retired, token), stopping.Token);
            Task reporting = Task.WhenAll(ReportAsync(stopping.Token), reports.RunAsync(stopping.Token), late.RunAsync(stopping.Token));
            try
            {
                // Whichever fails first ends the others; only the ledger says that all is done.
                Task done = Task.WhenAll(producing, ledger.Settled);
                Task first = await Task.WhenAny(done, producing.ContinueWith(static task => task.IsCompletedSuccessfully ? Task.Delay(Timeout.Infinite) : task, TaskScheduler.Default).Unwrap(), serving, running).ConfigureAwait(false);
                await first.ConfigureAwait(false);
                source.CheckUnchanged();
                // The lanes end while the file completes: in good order that takes as many round trips.
                await stopping.CancelAsync().ConfigureAwait(false);
                Task telling = TellAsync();
                await CompleteAsync(producing.Result).ConfigureAwait(false);
                await telling.ConfigureAwait(false);
            }
            finally
            {
                await stopping.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(producing, serving, running, reporting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            async Task ServeAsync()
            {
                await producing.ConfigureAwait(false);
                await producer.ServeLossesAsync(stopping.Token).ConfigureAwait(false);
            }

            async Task TellAsync()
            {
                await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await reports.TellAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        async Task CompleteAsync(Digest? blake3)
        {
            if (blake3 is { } hash)
                transfer = await Patiently.TryAsync(token => control.CompleteAsync(transfer.Id, hash, token), client.ReconnectFor, time, cancellationToken).ConfigureAwait(false);
            progress?.Report(new(source.SizeBytes, source.SizeBytes, source.SizeBytes, source.SizeBytes, TransferPhase.Completing));
            transfer = await CompletedAsync(transfer, cancellationToken).ConfigureAwait(false);
            took = time.GetElapsedTime(startedAt);
        }

        async Task RunLaneAsync(Transport.Lanes.Lane lane, PathLink link, BandwidthFlow bandwidth, CancellationToken retired, CancellationToken laneCancelled)
        {
            await LaneOpening.HelloAsync(lane, ticket.Ticket, time, laneCancelled).ConfigureAwait(false);
            bool hasLost = paths.HasLost;
            Task<WelcomeBody> welcomed = WelcomedAsync();
            // Chunks don't wait for the welcome. But after a loss it is heard first what was committed, so that nothing of it is sent again.
            if (hasLost) await welcomed.ConfigureAwait(false);
            var sending = new SendingLane(lane, link, welcomed, layout, ledger, producer, dispatcher, retries, counters, times, options, bandwidth, time);
            late.Watch(sending, link);
            try
            {
                await sending.RunAsync(retired, laneCancelled).ConfigureAwait(false);
            }
            finally
            {
                late.Forget(sending);
            }

            async Task<WelcomeBody> WelcomedAsync()
            {
                WelcomeBody welcome = await LaneOpening.WelcomedAsync(lane, client.Timing.WelcomeWithin, time, laneCancelled).ConfigureAwait(false);
                producer.SendAgain(ledger.Welcome(welcome.Incarnation));
                if (hasLost) dispatcher.Measured(link, await LaneOpening.CatchUpAsync(lane, Commit, bandwidth, time, laneCancelled).ConfigureAwait(false));
                paths.Up(link, lane);
                return welcome;
            }
        }

        void Commit(ReadOnlySpan<byte> body)
        {
            if (!CommittedBody.TryRead(body, layout, out ChunkSet chunks))
                throw new Transport.Lanes.LaneException(FailureCode.ChunkOutsideLayout, "The gateway told of commits outside of the layout.");
            ledger.Commit(chunks);
        }

        async Task ReportAsync(CancellationToken token)
        {
            if (progress is null) return;
            using var timer = new PeriodicTimer(ReportEvery, time);
            while (await timer.WaitForNextTickAsync(token).ConfigureAwait(false))
            {
                var (sent, accepted, committed) = ledger.Progress;
                progress.Report(new(source.SizeBytes, sent, accepted, committed, paths.IsUp ? TransferPhase.Moving : TransferPhase.Reconnecting));
            }
        }
    }

    private async Task<Opening> OpenAsync(
        FileSource source, string fingerprint, SendOptions options, IReadOnlyList<PathState> known, CancellationToken cancellationToken)
    {
        var (roundTripMs, lossRate) = options.ChunkBytes != 0 ? default : KnownNetwork(known);
        Opening opening = await control.CreateTransferAsync(
            new CreateTransfer
            {
                Direction = TransferDirection.Send,
                Name = options.Name ?? source.Name,
                SizeBytes = source.SizeBytes,
                Fingerprint = fingerprint,
                ChunkBytes = options.ChunkBytes,
                DataShards = options.DataShards,
                ParityShards = options.ParityShards,
                Parity = options.Parity,
                Priority = options.Priority,
                RoundTripMs = roundTripMs,
                LossRate = lossRate,
                PreviousChunkBytes = options.ChunkBytes == 0 ? _networkChunkBytes : null,
            },
            cancellationToken).ConfigureAwait(false);
        if (roundTripMs is not null && !opening.Existing) Remember(opening.Transfer);
        if (opening.Transfer.State != TransferState.Paused) return opening;
        // Sending a paused file again says that it should go on.
        await control.ResumeAsync(opening.Transfer.Id, cancellationToken).ConfigureAwait(false);
        return await control.OpenTransferAsync(opening.Transfer.Id, cancellationToken).ConfigureAwait(false);
    }

    // A size that only the file's length kept small says nothing of the network.
    private void Remember(Transfer transfer)
    {
        int largest = ChunkSizePlanner.ForSize(transfer.SizeBytes, transfer.DataShards);
        if (transfer.ChunkBytes < largest || transfer.ChunkBytes == FileLayout.MaxChunkBytes) _networkChunkBytes = transfer.ChunkBytes;
    }

    // What earlier transfers measured on their way to the service, or how long its own connection took: it chooses the chunk size from it.
    private (double? RoundTripMs, double? LossRate) KnownNetwork(IReadOnlyList<PathState> known)
    {
        PathState? latest = known.MaxBy(path => path.UpdatedAt);
        if (latest is null) return (control.RoundTrip?.TotalMilliseconds, null);
        // Of those that were used together it is the one that most chunks cross.
        PathState most = known.Where(path => latest.UpdatedAt - path.UpdatedAt < UsedTogether).MaxBy(path => path.BytesPerSecond)!;
        return (most.RoundTripMs, most.LossRate);
    }

    private async Task<Transfer> CompletedAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(5);
        while (!transfer.HasEnded)
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            pause = pause < TimeSpan.FromMilliseconds(250) ? pause * 1.5 : pause;
            transfer = await Patiently.TryAsync(
                token => control.GetTransferAsync(transfer.Id, token), client.ReconnectFor, time, cancellationToken).ConfigureAwait(false);
        }
        if (transfer.State == TransferState.Completed) return transfer;
        throw new ChunkStreamException(FailureCodeExtensions.FromName(transfer.FailureCode), transfer.FailureMessage ?? "The transfer failed.");
    }

    private async Task TryFailAsync(Guid transferId, Failure failure)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        try
        {
            await control.FailAsync(transferId, failure, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ChunkStreamException or OperationCanceledException)
        {
            // The service learns it from the hash, or expires the transfer.
        }
    }
}
