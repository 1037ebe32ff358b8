namespace ChunkStream.Gateway.Assembly;

/// <summary>What rebuilding a stripe's chunks came to.</summary>
/// <param name="RebuiltChunks">Chunks that were rebuilt and written.</param>
/// <param name="IsLost">Fewer than k chunks are good, or what they make isn't what the manifest says: nothing can be rebuilt.</param>
internal readonly record struct StripeRepair(int RebuiltChunks, bool IsLost)
{
    /// <summary>The bytes of the file that are lost with the stripe.</summary>
    public int LostBytes { get; init; }
}
