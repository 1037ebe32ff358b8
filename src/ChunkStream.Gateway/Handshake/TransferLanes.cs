using System.Collections.Concurrent;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Handshake;

/// <summary>
/// Which lanes of which transfer are open here. A transfer's first lane is let in by its grain, which by that learns that its client is
/// there (again); when the last one is lost, and nobody had ended it, the grain is told that the network has failed. Thread-safe.
/// </summary>
internal sealed partial class TransferLanes(IGrainFactory grains, ILogger<TransferLanes> logger)
{
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(5);

    private readonly KeyedLocks _locks = new();
    private readonly ConcurrentDictionary<Guid, OpenLanes> _transfers = new();

    /// <summary>Lets a lane in; or why it may not open: unknown, paused, ended. A file that is read without a transfer asks nobody.</summary>
    public async Task<Outcome<OpenLanes>> EnterAsync(Guid transferId, CancellationToken cancellationToken)
    {
        if (transferId == Guid.Empty) return new OpenLanes(transferId) { Count = 1 };
        using (await _locks.EnterAsync(transferId, cancellationToken).ConfigureAwait(false))
        {
            if (!_transfers.TryGetValue(transferId, out OpenLanes? lanes))
            {
                Outcome<TransferAdmission> admitted = await grains.GetGrain<ITransferGrain>(transferId).AdmitAsync().ConfigureAwait(false);
                if (admitted.Failure is { } refused) return refused;
                _transfers[transferId] = lanes = new(transferId);
            }
            lanes.Count++;
            return lanes;
        }
    }

    /// <summary>A lane has ended.</summary>
    /// <param name="failure">Why; null where its client ended it in good order.</param>
    public async Task LeaveAsync(OpenLanes lanes, Failure? failure)
    {
        // Under the lock, so that a lane which comes meanwhile is let in after the transfer has stopped, and has it go on.
        using (await _locks.EnterAsync(lanes.TransferId, CancellationToken.None).ConfigureAwait(false))
        {
            if (--lanes.Count > 0) return;
            lanes.Dispose();
            if (!_transfers.TryRemove(new(lanes.TransferId, lanes)) || failure is null || !IsLoss(failure.Code)) return;
            try
            {
                await grains.GetGrain<ITransferGrain>(lanes.TransferId).NetworkFailedAsync(failure.Code, failure.Message)
                    .WaitAsync(TellWithin).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Orleans may throw anything; the transfer goes on by its next lane all the same.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotTold(exception, failure.Code);
            }
        }
    }

    /// <summary>Ends every lane of the transfer with this reason, at once.</summary>
    public async Task CloseAsync(Guid transferId, Failure reason)
    {
        using (await _locks.EnterAsync(transferId, CancellationToken.None).ConfigureAwait(false))
            if (_transfers.TryRemove(transferId, out OpenLanes? lanes)) lanes.Close(reason);
    }

    // A stream that stops within a frame was cut off as well.
    private static bool IsLoss(FailureCode code) => code.BlameOf() is Blame.Path || code is FailureCode.FrameTruncated;

    [LoggerMessage(4103, LogLevel.Warning, "A transfer couldn't be told that its last lane was lost: {Code}")]
    private partial void LogNotTold(Exception exception, FailureCode code);
}
