namespace ChunkStream.Core.Paths;

/// <summary>How far a path is to be used.</summary>
public enum PathCondition
{
    Active,

    /// <summary>It works, and badly: what can go over another path goes there.</summary>
    Degraded,

    /// <summary>It is tried from time to time, and carries nothing.</summary>
    Failed,
}
