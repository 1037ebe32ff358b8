using ChunkStream.Transport.Congestion;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Paths;

public sealed partial class PathDialer
{
    [LoggerMessage(3001, LogLevel.Warning, "QUIC isn't supported on this machine (libmsquic is missing): lanes run over TLS")]
    private partial void LogNoQuic();

    [LoggerMessage(3002, LogLevel.Information, "No QUIC connection to {EndPoint} yet: trying TLS too")]
    private partial void LogFallback(string endPoint);

    [LoggerMessage(3003, LogLevel.Warning, "This machine has no {Congestion} for {Protocol}: lanes run with the system's default, and loss slows them")]
    private partial void LogNoCongestion(string protocol, CongestionControl congestion);
}
