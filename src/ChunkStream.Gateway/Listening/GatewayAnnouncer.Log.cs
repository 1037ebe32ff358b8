using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Listening;

internal sealed partial class GatewayAnnouncer
{
    [LoggerMessage(4002, LogLevel.Warning, "The gateway directory could not be told: {Reason}")]
    private partial void LogNotAnnounced(string reason);
}
