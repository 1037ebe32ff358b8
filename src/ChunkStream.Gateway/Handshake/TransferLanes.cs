using System.Collections.Concurrent;
using System.Globalization;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Transport.Buffers;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Handshake;

/// <summary>
/// Which lanes of which transfer are open here. A transfer's first lane is let in by its grain, which by that learns that its client is
/// there (again). When the last one is lost, and nobody had ended it, the grain is told that the network has failed: at once. A client
/// that is killed ends its lanes like one that has done with them, and the same is told when no lane has come for a while. Thread-safe.
/// </summary>
internal sealed partial class TransferLanes : IDisposable
{
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(5);

    private readonly IGrainFactory _grains;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TransferLanes> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly KeyedLocks _locks = new();
    private readonly ConcurrentDictionary<Guid, OpenLanes> _transfers = new();
    // The transfers whose last lane has ended in good order, until the next one comes or the wait for it is over.
    private readonly ConcurrentDictionary<Guid, OpenLanes> _left = new();

    public TransferLanes(IGrainFactory grains, GatewayOptions options, TimeProvider time, ILogger<TransferLanes> logger)
    {
        (_grains, _options, _time, _logger) = (grains, options, time, logger);
        _stopped = _stopping.Token;
    }

    /// <summary>Lets a lane in; or why it may not open: unknown, paused, ended. A file that is read without a transfer asks nobody.</summary>
    public async Task<Outcome<OpenLanes>> EnterAsync(Guid transferId, CancellationToken cancellationToken)
    {
        if (transferId == Guid.Empty) return new OpenLanes(transferId) { Count = 1 };
        using (await _locks.EnterAsync(transferId, cancellationToken).ConfigureAwait(false))
        {
            if (!_transfers.TryGetValue(transferId, out OpenLanes? lanes))
            {
                Outcome<TransferAdmission> admitted = await _grains.GetGrain<ITransferGrain>(transferId).AdmitAsync().ConfigureAwait(false);
                if (admitted.Failure is { } refused) return refused;
                _transfers[transferId] = lanes = new(transferId);
                _left.TryRemove(transferId, out _);
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
            NativeHeap.Trim();
            // The service itself has ended them.
            if (!_transfers.TryRemove(new(lanes.TransferId, lanes))) return;
            if (failure is not null && IsLoss(failure.Code))
            {
                await TellAsync(lanes.TransferId, failure).ConfigureAwait(false);
                return;
            }
            _left[lanes.TransferId] = lanes;
        }
        _ = AwaitClientAsync(lanes);
    }

    /// <summary>Whether a lane of the transfer is open; one that is just being let in counts.</summary>
    public async Task<bool> HasLanesAsync(Guid transferId)
    {
        using (await _locks.EnterAsync(transferId, CancellationToken.None).ConfigureAwait(false)) return _transfers.ContainsKey(transferId);
    }

    /// <summary>Ends every lane of the transfer with this reason, at once.</summary>
    public async Task CloseAsync(Guid transferId, Failure reason)
    {
        using (await _locks.EnterAsync(transferId, CancellationToken.None).ConfigureAwait(false))
        {
            _left.TryRemove(transferId, out _);
            if (_transfers.TryRemove(transferId, out OpenLanes? lanes)) lanes.Close(reason);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task AwaitClientAsync(OpenLanes last)
    {
        await Task.Delay(_options.ClientGoneAfter, _time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_stopped.IsCancellationRequested) return;
        using (await _locks.EnterAsync(last.TransferId, CancellationToken.None).ConfigureAwait(false))
        {
            // Another lane has come since, and may have left again, or nobody waits for one any more.
            if (!_left.TryRemove(new(last.TransferId, last))) return;
            await TellAsync(last.TransferId, new(FailureCode.TimedOut, string.Create(CultureInfo.InvariantCulture,
                $"The client has had no lane open for {_options.ClientGoneAfter.TotalSeconds:0} s (ClientGoneAfter)."))).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(Guid transferId, Failure failure)
    {
        try
        {
            await _grains.GetGrain<ITransferGrain>(transferId).NetworkFailedAsync(failure.Code, failure.Message).WaitAsync(TellWithin).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Orleans may throw anything; the transfer goes on by its next lane all the same.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotTold(exception, failure.Code);
        }
    }

    // A stream that stops within a frame was cut off as well.
    private static bool IsLoss(FailureCode code) => code.BlameOf() is Blame.Path || code is FailureCode.FrameTruncated;

    [LoggerMessage(4103, LogLevel.Warning, "A transfer couldn't be told that it has no lane any more: {Code}")]
    private partial void LogNotTold(Exception exception, FailureCode code);
}
