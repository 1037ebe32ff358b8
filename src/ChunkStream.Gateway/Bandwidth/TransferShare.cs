using ChunkStream.Core.Scheduling;
using ChunkStream.Transport.Bandwidth;

namespace ChunkStream.Gateway.Bandwidth;

/// <summary>One transfer's part of the gateway's bandwidth. Belongs to <see cref="TransferShares"/>, whose lock guards it.</summary>
internal sealed class TransferShare(Guid transferId, BandwidthFlow flow)
{
    public Guid TransferId => transferId;

    public BandwidthFlow Flow => flow;

    /// <summary>What tells the client of each open lane.</summary>
    public HashSet<Action<Priority>> Lanes { get; } = [];

    /// <summary>Whether the priority is the transfer's, and not yet a guess.</summary>
    public bool IsKnown { get; private set; }

    public void Set(Priority priority)
    {
        (IsKnown, flow.Priority) = (true, priority);
        foreach (Action<Priority> tell in Lanes) tell(priority);
    }
}
