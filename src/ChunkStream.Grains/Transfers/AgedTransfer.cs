namespace ChunkStream.Grains.Transfers;

/// <summary>A transfer, and when the catalogue last saw it change, in Unix milliseconds.</summary>
internal sealed record AgedTransfer(Guid Id, long ChangedAtMs);
