namespace ChunkStream.Core.Erasure;

/// <summary>How a reconstruction or a verification ended.</summary>
public enum ErasureStatus
{
    /// <summary>Every wanted chunk is written, or the parity agrees with the data.</summary>
    Ok,

    /// <summary>Fewer than k chunks are present. Nothing was written.</summary>
    TooFewShards,

    /// <summary>A chunk's length doesn't fit the stripe's. Nothing was written.</summary>
    UnequalLengths,

    /// <summary>A shard is named both as present and as wanted. Nothing was written.</summary>
    ShardTwice,

    /// <summary>A shard number is beyond the stripe, or the list doesn't have an entry for each shard. Nothing was written.</summary>
    ShardOutOfRange,

    /// <summary>The parity isn't the data's.</summary>
    ParityMismatch,
}
