using ChunkStream.Transport.Congestion;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Listeners;

public sealed partial class TlsLaneListener
{
    [LoggerMessage(3201, LogLevel.Debug, "A TLS handshake failed: {Reason}")]
    private partial void LogHandshakeFailed(string reason);

    [LoggerMessage(3202, LogLevel.Warning, "A TLS connection was turned away: {Limit} are open (MaxConnections)")]
    private partial void LogTooMany(int limit);

    [LoggerMessage(3203, LogLevel.Warning, "Accepting a TCP connection failed: {Reason}")]
    private partial void LogAcceptFailed(string reason);

    [LoggerMessage(3204, LogLevel.Warning, "This machine has no {Congestion} for TCP: TLS lanes run with the system's default, and loss slows them")]
    private partial void LogNoCongestion(CongestionControl congestion);
}
