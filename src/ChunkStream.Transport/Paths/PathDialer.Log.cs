using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Paths;

public sealed partial class PathDialer
{
    [LoggerMessage(3001, LogLevel.Warning, "QUIC isn't supported on this machine (libmsquic is missing): lanes run over TLS")]
    private partial void LogNoQuic();

    [LoggerMessage(3002, LogLevel.Information, "No QUIC connection to {EndPoint} yet: trying TLS too")]
    private partial void LogFallback(string endPoint);
}
