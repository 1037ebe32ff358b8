namespace ChunkStream.Silo;

internal sealed partial class GatewayLimit
{
    [LoggerMessage(6101, LogLevel.Information, "The gateway's limit is {MbitPerSecond} Mbit/s now; 0 is none")]
    private partial void LogLimited(double mbitPerSecond);

    [LoggerMessage(6102, LogLevel.Warning, "The gateway's limit stays {MbitPerSecond} Mbit/s: the configuration says '{Text}'. {Reason}")]
    private partial void LogRefused(string? text, double mbitPerSecond, string reason);
}
