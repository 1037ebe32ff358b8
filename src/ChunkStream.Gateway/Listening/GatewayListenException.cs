namespace ChunkStream.Gateway.Listening;

/// <summary>A gateway endpoint is in use, or isn't this machine's.</summary>
public sealed class GatewayListenException(string message, Exception cause) : Exception(message, cause);
