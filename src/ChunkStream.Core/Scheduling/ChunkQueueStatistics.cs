namespace ChunkStream.Core.Scheduling;

/// <summary>What a <see cref="ChunkQueue{T}"/> has done. Counts are since it was made.</summary>
public readonly record struct ChunkQueueStatistics
{
    /// <summary>Items accepted for the first time.</summary>
    public required long Enqueued { get; init; }

    /// <summary>Items that were put back after they had left.</summary>
    public required long Requeued { get; init; }

    /// <summary>Items that were not accepted because the queue was full.</summary>
    public required long Rejected { get; init; }

    /// <summary>Items that have left to be worked on, each time counted.</summary>
    public required long Processed { get; init; }

    /// <summary>The bytes of those.</summary>
    public required long ProcessedBytes { get; init; }

    /// <summary>Items that were removed or cleared before they left.</summary>
    public required long Removed { get; init; }

    /// <summary>Items in the queue now, those that wait for their time included.</summary>
    public required int Pending { get; init; }

    /// <summary>Those of them that wait for their time after a failure.</summary>
    public required int Delayed { get; init; }

    /// <summary>The mean time that processed items waited, from when they were ready to leave. Zero where none was processed.</summary>
    public required TimeSpan AverageWait { get; init; }

    /// <summary>The longest of those times.</summary>
    public required TimeSpan MaxWait { get; init; }

    /// <summary>Items that left a second, over the last ten seconds.</summary>
    public required double ItemsPerSecond { get; init; }

    /// <summary>Bytes that left a second, over the last ten seconds.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>How full the queue is: pending items of its capacity, 0 to 1; above 1 where returned items fill it beyond that.</summary>
    public required double Utilisation { get; init; }
}
