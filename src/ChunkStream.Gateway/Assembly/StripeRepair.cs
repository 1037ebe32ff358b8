namespace ChunkStream.Gateway.Assembly;

/// <summary>What looking after one stripe came to.</summary>
/// <param name="BadChunks">Chunks that were missing or bad.</param>
/// <param name="RebuiltChunks">Of those, rebuilt and written.</param>
/// <param name="IsLost">Fewer than k chunks are good: nothing can be rebuilt.</param>
internal readonly record struct StripeRepair(int BadChunks, int RebuiltChunks, bool IsLost);
