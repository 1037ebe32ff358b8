namespace ChunkStream.Grains;

/// <summary>What owners may have at once, and how long it is kept.</summary>
public sealed class TransferOptions
{
    /// <summary>Transfers of one owner that haven't ended, paused ones included. 0: no limit. Default 10,000, some 40 MiB of a silo's memory.</summary>
    public int MaxRunningPerOwner { get; set; } = 10_000;

    /// <summary>Bytes of one owner's files, those being sent included, parity not. 0: no limit, the default.</summary>
    public long MaxBytesPerOwner { get; set; }

    /// <summary>How long a transfer and its session are kept after it has completed; its file stays. Default 30 days; null: for ever.</summary>
    public TimeSpan? KeepCompleted { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a transfer and its session are kept after it has failed. Default 7 days; null: for ever.</summary>
    public TimeSpan? KeepFailed { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A transfer for which no chunk and no command has come for this long, paused or not, fails with <c>expired</c>, and its bytes are
    /// freed. Default 7 days; null: never.
    /// </summary>
    public TimeSpan? AbandonAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often the three ages above are looked at, 1 minute to 1 day. Default 1 hour.</summary>
    public TimeSpan CleanUpEvery { get; set; } = TimeSpan.FromHours(1);

    internal bool HasLimits => MaxRunningPerOwner > 0 || MaxBytesPerOwner > 0;

    /// <summary>Every value that isn't allowed, each with what is.</summary>
    public IEnumerable<string> Problems()
    {
        if (MaxRunningPerOwner < 0) yield return $"MaxRunningPerOwner is {MaxRunningPerOwner}; it is 1 or more, or 0 for no limit.";
        if (MaxBytesPerOwner < 0) yield return $"MaxBytesPerOwner is {MaxBytesPerOwner} bytes; it is 1 or more, or 0 for no limit.";
        if (KeepCompleted < TimeSpan.Zero) yield return $"KeepCompleted is {KeepCompleted}; it is 0 or more, or null for ever.";
        if (KeepFailed < TimeSpan.Zero) yield return $"KeepFailed is {KeepFailed}; it is 0 or more, or null for ever.";
        // A sender that reconnects for minutes hasn't abandoned anything.
        if (AbandonAfter < TimeSpan.FromMinutes(10)) yield return $"AbandonAfter is {AbandonAfter}; it is 10 minutes or more, or null for never.";
        if (CleanUpEvery < TimeSpan.FromMinutes(1) || CleanUpEvery > TimeSpan.FromDays(1))
            yield return $"CleanUpEvery is {CleanUpEvery}; it is 1 minute to 1 day.";
    }
}
