namespace ChunkStream.Core.Scheduling;

/// <summary>How much of the bandwidth a transfer's chunks get while others wait too. See <see cref="BandwidthShares"/>.</summary>
public enum Priority
{
    High = 0,
    Normal = 1,
    Low = 2,
}
