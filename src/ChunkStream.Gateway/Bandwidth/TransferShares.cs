using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Gateway.Bandwidth;

/// <summary>
/// The transfers that have lanes here now, each with its part of the gateway's bandwidth and its priority, which its clients are told.
/// Thread-safe.
/// </summary>
internal sealed class TransferShares(SharedBandwidth bandwidth, IGrainFactory grains)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, TransferShare> _shares = [];

    /// <summary>A lane of a transfer has opened.</summary>
    /// <param name="transferId">The transfer; empty where a file is read without one.</param>
    /// <param name="tell">Tells the lane's client the transfer's priority, now and when it changes. Called under a lock: must not wait.</param>
    public LaneShare Join(Guid transferId, Action<Priority> tell)
    {
        lock (_lock)
        {
            if (!_shares.TryGetValue(transferId, out TransferShare? share))
                _shares.Add(transferId, share = new(transferId, bandwidth.Open(Priority.Normal)));
            share.Lanes.Add(tell);
            if (share.IsKnown) tell(share.Flow.Priority);
            return new(this, share, tell);
        }
    }

    /// <summary>A lane that serves has opened; its transfer's grain is asked for the priority where it isn't known.</summary>
    public async ValueTask<LaneShare> JoinAsync(Lane lane, Guid transferId)
    {
        LaneShare share = Join(transferId, priority => _ = TellAsync(lane, priority));
        if (share.IsKnown || transferId == Guid.Empty) return share;
        try
        {
            Outcome<TransferAdmission> admitted = await grains.GetGrain<ITransferGrain>(transferId).AdmitAsync().ConfigureAwait(false);
            if (admitted.IsOk) share.Learn((Priority)admitted.Value!.Priority);
            return share;
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    /// <summary>A transfer's priority has changed.</summary>
    public void SetPriority(Guid transferId, Priority priority)
    {
        lock (_lock)
            if (_shares.TryGetValue(transferId, out TransferShare? share)) share.Set(priority);
    }

    /// <summary>What a lane found a transfer's priority to be when it opened. What was told since, or found before, is newer.</summary>
    public void Learn(TransferShare share, Priority priority)
    {
        lock (_lock)
            if (!share.IsKnown) share.Set(priority);
    }

    public void Leave(TransferShare share, Action<Priority> tell)
    {
        lock (_lock)
        {
            share.Lanes.Remove(tell);
            if (share.Lanes.Count > 0) return;
            _shares.Remove(share.TransferId);
            share.Flow.Dispose();
        }
    }

    // The lane's own task sees what goes wrong with the lane.
    private static async Task TellAsync(Lane lane, Priority priority)
    {
        try
        {
            await lane.WriteAsync(FrameHeader.Of(FrameType.Priority, PriorityBody.SizeBytes), PriorityBody.Write(priority), CancellationToken.None).ConfigureAwait(false);
        }
        catch (LaneException)
        {
        }
    }
}
