using System.Net.Quic;
using System.Runtime.Versioning;

namespace ChunkStream.Transport.Paths;

/// <summary>What both ends of a QUIC connection are set to.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal static class QuicSettings
{
    /// <summary>A black hole, or a gateway that was killed, is noticed after this: UDP tells nobody.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(6);

    /// <summary>Three of these have to be lost before a path counts as lost.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(1.5);

    /// <summary>The most that the other side may send ahead of our reading: 16 MiB a connection, of which 1 MiB a lane.</summary>
    public static QuicReceiveWindowSizes ReceiveWindows => new()
    {
        Connection = 16 * 1024 * 1024,
        LocallyInitiatedBidirectionalStream = 1024 * 1024,
        RemotelyInitiatedBidirectionalStream = 1024 * 1024,
        UnidirectionalStream = 64 * 1024,
    };
}
