using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>A way that there should be, and whose turn it is: paths of a rank carry only while none of a lower one is well.</summary>
internal sealed record PlannedPath(PathAddress Address, int Rank)
{
    /// <summary>The same for the same way, whenever it is planned.</summary>
    public string Id { get; } = $"{Address.LocalAddress}>{Address.EndPoint}#{Convert.ToHexString(Address.SpkiSha256)}{(Address.HasQuic ? "+" : "-")}";
}
