using System.Collections.Concurrent;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway.Assembly;
using ChunkStream.Storage;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Ingest;

/// <summary>
/// The files that are being sent to this gateway now: opened by a transfer's first lane, let go with its last, with what was accepted
/// committed. Thread-safe.
/// </summary>
internal sealed class IncomingFiles(
    IGrainFactory grains, IShardStore store, StripeRebuilder rebuilder, GatewayOptions options, GatewayMetrics metrics, TimeProvider time,
    ILogger<GroupCommit> logger)
    : IAsyncDisposable
{
    private readonly KeyedLocks _locks = new();
    private readonly ConcurrentDictionary<Guid, Entry> _files = new();
    private readonly SemaphoreSlim _coding = new(1, 1);

    /// <summary>The transfer's file, opened if need be; or why it can't be: unknown, paused, ended, or the store refuses.</summary>
    public async Task<Outcome<IncomingFileLease>> OpenAsync(Guid transferId, CancellationToken cancellationToken)
    {
        using (await _locks.EnterAsync(transferId, cancellationToken).ConfigureAwait(false))
        {
            if (_files.TryGetValue(transferId, out Entry? entry) && entry.File.ClosedBecause is null)
            {
                entry.Leases++;
                return new IncomingFileLease(this, entry.File);
            }
            // A life that has ended makes way for the next; its last lane disposes of it, and its flushes are over before that.
            if (entry is not null)
            {
                _files.TryRemove(transferId, out _);
                await entry.File.DisposeAsync().ConfigureAwait(false);
            }
            Outcome<IncomingFile> opened = await OpenFileAsync(transferId, cancellationToken).ConfigureAwait(false);
            if (opened.Failure is { } failure) return failure;
            _files[transferId] = new(opened.Value!) { Leases = 1 };
            return new IncomingFileLease(this, opened.Value!);
        }
    }

    /// <summary>Gives a lease back. The last one commits what was accepted and lets the file go.</summary>
    public async ValueTask ReturnAsync(IncomingFile file)
    {
        using (await _locks.EnterAsync(file.Plan.TransferId, CancellationToken.None).ConfigureAwait(false))
        {
            if (!_files.TryGetValue(file.Plan.TransferId, out Entry? entry) || entry.File != file || --entry.Leases > 0) return;
            _files.TryRemove(file.Plan.TransferId, out _);
            await LetGoAsync(file).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the transfer's lanes with this reason, what was accepted committed first, and lets its file go.</summary>
    public async Task CloseAsync(Guid transferId, Failure reason)
    {
        using (await _locks.EnterAsync(transferId, CancellationToken.None).ConfigureAwait(false))
        {
            if (!_files.TryRemove(transferId, out Entry? entry)) return;
            if (entry.File.ClosedBecause is null && reason.Code is not (FailureCode.Cancelled or FailureCode.TransferNotOpen))
                await TryCommitAsync(entry.File).ConfigureAwait(false);
            entry.File.Close(reason);
            await entry.File.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Changes the priority of the transfer's file, where it is open here.</summary>
    public async Task SetPriorityAsync(Guid transferId, TransferPriority priority)
    {
        // An opening that is under way may have been told the priority before; it is done when this enters.
        using (await _locks.EnterAsync(transferId, CancellationToken.None).ConfigureAwait(false))
            if (_files.TryGetValue(transferId, out Entry? entry)) entry.File.Priority = priority;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Entry entry in _files.Values) await LetGoAsync(entry.File).ConfigureAwait(false);
        _files.Clear();
        _coding.Dispose();
    }

    private async Task<Outcome<IncomingFile>> OpenFileAsync(Guid transferId, CancellationToken cancellationToken)
    {
        Outcome<TransferAdmission> admitted = await grains.GetGrain<ITransferGrain>(transferId).AdmitAsync().ConfigureAwait(false);
        if (admitted.Failure is { } refused) return refused;
        TransferPlan plan = admitted.Value!.Plan;
        if (plan.Direction != TransferDirection.Send)
            return new Failure(FailureCode.TicketInvalid, "The ticket is for sending; the transfer receives.");

        ISessionGrain sessionGrain = grains.GetGrain<ISessionGrain>(plan.SessionId);
        Outcome<SessionInfo> session = await sessionGrain.GetAsync().ConfigureAwait(false);
        if (session.Failure is { } gone) return gone;
        if (session.Value!.Status == SessionStatus.Paused)
            return new Failure(FailureCode.Paused, "The transfer is paused; resume it first.");
        if (session.Value.Status is not (SessionStatus.Initializing or SessionStatus.Active))
            return new Failure(FailureCode.TransferNotOpen, $"The transfer's session is {session.Value.Status}; it takes no more chunks.");
        try
        {
            IShardFiles files = await store.CreateAsync(plan.FileId, plan.Layout, [.. plan.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false);
            ChunkSet committed = session.Value.Committed;
            return new IncomingFile(
                plan, committed, files, sessionGrain, options, metrics, time, logger,
                plan.Parity == ParityMode.Adaptive ? file => new(file, files, committed, rebuilder, _coding) : null)
            {
                Priority = admitted.Value.Priority,
            };
        }
        catch (StoreException exception)
        {
            return new Failure(exception.Code, exception.Message);
        }
    }

    private static async ValueTask LetGoAsync(IncomingFile file)
    {
        if (file.ClosedBecause is null) await TryCommitAsync(file).ConfigureAwait(false);
        await file.DisposeAsync().ConfigureAwait(false);
    }

    // Nothing was promised: what can't be committed now is sent again.
    private static async Task TryCommitAsync(IncomingFile file)
    {
        try
        {
            await file.CommitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StoreException or OperationCanceledException or TimeoutException)
        {
        }
    }

    private sealed class Entry(IncomingFile file)
    {
        public IncomingFile File => file;

        public int Leases { get; set; }
    }
}
