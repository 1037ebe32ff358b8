namespace ChunkStream.Benchmarks.Wan;

/// <summary>What happens to a case's links.</summary>
internal enum WanScenario
{
    /// <summary>Nothing.</summary>
    Steady,

    /// <summary>The last one becomes a black hole midway.</summary>
    LastDies,

    /// <summary>The last one is so slow that it is measured beside the same links without it.</summary>
    LastSlow,
}
