namespace ChunkStream.Core.Erasure;

/// <summary>How a reconstruction or a verification ended, with what is needed to say it in words.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Shard">The shard that it is about, or -1 where it is about none.</param>
/// <param name="Found">How many there are: chunks, bytes or entries, as the status says.</param>
/// <param name="Needed">How many are needed or allowed.</param>
public readonly record struct ErasureOutcome(ErasureStatus Status, int Shard, int Found, int Needed)
{
    public static ErasureOutcome Ok => new(ErasureStatus.Ok, -1, 0, 0);

    public bool IsOk => Status == ErasureStatus.Ok;

    /// <summary>One sentence with the offending value and what is allowed. Made when asked for.</summary>
    public string Message => Status switch
    {
        ErasureStatus.Ok => "Ok.",
        ErasureStatus.TooFewShards => $"{Found} chunks of the stripe are there and {Needed} are needed.",
        ErasureStatus.UnequalLengths => $"Shard {Shard} has {Found} bytes, which doesn't fit a stripe whose chunks have {Needed}.",
        ErasureStatus.ShardTwice => $"Shard {Shard} is named both as present and as wanted.",
        ErasureStatus.ShardOutOfRange when Shard < 0 => $"There are {Found} entries for a stripe of {Needed} shards.",
        ErasureStatus.ShardOutOfRange => $"There is no shard {Shard} in a stripe of {Needed} shards, 0 to {Needed - 1}.",
        ErasureStatus.ParityMismatch => $"The parity chunk of shard {Shard} isn't the data's.",
        _ => Status.ToString(),
    };

    public override string ToString() => Message;

    internal static ErasureOutcome TooFewShards(int found, int needed) => new(ErasureStatus.TooFewShards, -1, found, needed);

    internal static ErasureOutcome UnequalLengths(int shard, int found, int needed) => new(ErasureStatus.UnequalLengths, shard, found, needed);

    internal static ErasureOutcome ShardTwice(int shard) => new(ErasureStatus.ShardTwice, shard, 0, 0);

    internal static ErasureOutcome ShardOutOfRange(int shard, int shards) => new(ErasureStatus.ShardOutOfRange, shard, shard, shards);

    internal static ErasureOutcome WrongCount(int found, int shards) => new(ErasureStatus.ShardOutOfRange, -1, found, shards);

    internal static ErasureOutcome ParityMismatch(int shard) => new(ErasureStatus.ParityMismatch, shard, 0, 0);
}
