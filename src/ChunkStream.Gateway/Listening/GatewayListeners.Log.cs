using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Listening;

internal sealed partial class GatewayListeners
{
    [LoggerMessage(4001, LogLevel.Information, "Gateway {GatewayId} listens on {EndPoints} for {Kinds}")]
    private partial void LogListening(string gatewayId, string endPoints, string kinds);
}
