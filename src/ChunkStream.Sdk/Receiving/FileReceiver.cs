using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Receiving;

/// <summary>One call to receive one file into a file.</summary>
internal sealed class FileReceiver(
    IControlPlane control, ChunkStreamClientOptions client, PathDialer dialer, SharedBandwidth shared, ILogger<FileReceiver> logger, TimeProvider time)
{
    public async Task<ReceiveResult> ReceiveAsync(
        Guid fileId, string outputPath, ReceiveOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        outputPath = Path.GetFullPath(outputPath);
        CheckTarget(outputPath, options.Overwrite);
        progress?.Report(new(0, 0, 0, 0, TransferPhase.Connecting));
        Rehearsal.Begin(dialer);
        await using var headStart = new HeadStart(control, client, dialer, time, cancellationToken);
        Task begun = headStart.BeginAsync();
        Opening opening = await control.CreateTransferAsync(
            new CreateTransfer { Direction = TransferDirection.Receive, FileId = fileId, Priority = options.Priority }, cancellationToken).ConfigureAwait(false);
        // It goes without what isn't known.
        await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Transfer transfer = opening.Transfer;
        Digest blake3 = opening.Blake3 ?? throw new ChunkStreamException(FailureCode.Internal, "The service's answer has no hash.");
        try
        {
            await using FileFetch fetch = await FileFetch.OpenAsync(
                opening, headStart, token => control.OpenTransferAsync(transfer.Id, token), PartialFile.ManifestPath(outputPath), client, dialer, shared, logger, time,
                cancellationToken).ConfigureAwait(false);
            var reports = new PathReports(control, () => fetch.Links, receives: true, client.Timing, time);
            long resumed = await MoveAsync(fetch, reports, outputPath, progress, cancellationToken).ConfigureAwait(false);
            Task telling = reports.TellAsync(CancellationToken.None);
            await Patiently.TryAsync(token => control.CompleteAsync(transfer.Id, blake3, token), client.ReconnectFor, time, cancellationToken).ConfigureAwait(false);
            await telling.ConfigureAwait(false);
            progress?.Report(new(transfer.SizeBytes, transfer.SizeBytes, transfer.SizeBytes, transfer.SizeBytes, TransferPhase.Done));
            return new(
                transfer.Id, fileId, outputPath, transfer.SizeBytes, blake3, fetch.ReceivedChunks, fetch.RebuiltChunks, resumed, fetch.Paths,
                time.GetElapsedTime(startedAt));
        }
        catch (Exception exception) when (exception is ChunkStreamException { IsTransient: false, Code: not FailureCode.Paused } or OperationCanceledException)
        {
            // The next call opens a transfer of its own, and goes on from what is on disk.
            await TryFailAsync(transfer.Id, exception).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<long> MoveAsync(
        FileFetch fetch, PathReports reports, string outputPath, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reporting = reports.RunAsync(stopping.Token);
        FileLayout layout = fetch.Layout;
        using PartialFile part = PartialFile.Open(outputPath, layout, time);
        try
        {
            IntervalSet there = fetch.Manifest is null ? new() : part.Resume(fetch.Manifest, cancellationToken);
            long resumedChunks = there.Intervals().Sum(
                interval => Enumerable.Range(interval.Start, interval.End - interval.Start).Sum(stripe => (long)layout.DataChunksOf(stripe)));
            long receivedBytes = part.CommittedBytes;
            long reportedAt = 0;
            await foreach (FetchedStripe stripe in fetch.FetchAsync(Missing(layout, there), cancellationToken).ConfigureAwait(false))
            {
                using (stripe)
                    await part.WriteAsync(stripe, cancellationToken).ConfigureAwait(false);
                receivedBytes += layout.DataRangeOf(stripe.Stripe).LengthBytes;
                if (progress is null || (reportedAt != 0 && time.GetElapsedTime(reportedAt).TotalMilliseconds < 100)) continue;
                reportedAt = time.GetTimestamp();
                progress.Report(new(
                    layout.SizeBytes, receivedBytes, receivedBytes, part.CommittedBytes, fetch.IsUp ? TransferPhase.Moving : TransferPhase.Reconnecting));
            }
            progress?.Report(new(layout.SizeBytes, layout.SizeBytes, layout.SizeBytes, part.CommittedBytes, TransferPhase.Completing));
            await part.FinishAsync().ConfigureAwait(false);
            return resumedChunks;
        }
        catch
        {
            await part.LeaveAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<(int Stripe, ShardSet Wanted)> Missing(FileLayout layout, IntervalSet there)
    {
        foreach (var (start, end) in there.Gaps(layout.StripeCount))
            for (int stripe = start; stripe < end; stripe++)
                yield return (stripe, ShardSet.FirstShards(layout.DataChunksOf(stripe)));
    }

    private static void CheckTarget(string outputPath, bool overwrite)
    {
        string folder = Path.GetDirectoryName(outputPath) ?? "/";
        if (!Directory.Exists(folder)) throw new ChunkStreamException(FailureCode.TargetUnwritable, $"The folder '{folder}' doesn't exist.");
        if (Directory.Exists(outputPath)) throw new ChunkStreamException(FailureCode.TargetUnwritable, $"'{outputPath}' is a folder.");
        if (!overwrite && File.Exists(outputPath)) throw new ChunkStreamException(FailureCode.TargetUnwritable, $"'{outputPath}' exists already.");
    }

    private async Task TryFailAsync(Guid transferId, Exception exception)
    {
        var (code, message) = exception is ChunkStreamException failure ? (failure.Code, failure.Message) : (FailureCode.Cancelled, "The receiver was interrupted.");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await control.FailAsync(transferId, new(code, message), timeout.Token).ConfigureAwait(false);
        }
        catch (Exception unheard) when (unheard is ChunkStreamException or OperationCanceledException)
        {
        }
    }
}
