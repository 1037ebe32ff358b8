using ChunkStream.Transport.Congestion;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Listeners;

public sealed partial class QuicLaneListener
{
    [LoggerMessage(3101, LogLevel.Debug, "A QUIC handshake failed: {Reason}")]
    private partial void LogHandshakeFailed(string reason);

    [LoggerMessage(3102, LogLevel.Warning, "A QUIC connection was turned away: {Limit} are open (MaxConnections)")]
    private partial void LogTooMany(int limit);

    [LoggerMessage(3103, LogLevel.Warning, "This machine's libmsquic takes no {Congestion}: QUIC lanes run with its default, and loss slows them")]
    private static partial void LogNoCongestion(ILogger logger, CongestionControl congestion);
}
