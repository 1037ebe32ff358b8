namespace ChunkStream.Abstractions.Files;

public enum FileHealth
{
    /// <summary>Every chunk is stored and consistent.</summary>
    Healthy,

    /// <summary>Readable, but chunks are missing; their repair is queued.</summary>
    Degraded,

    /// <summary>A stripe has fewer than k good chunks.</summary>
    Lost,
}
