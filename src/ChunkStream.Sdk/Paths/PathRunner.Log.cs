using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Paths;

internal sealed partial class PathRunner<T>
{
    private void LogLost(string endPoint, string code, string reason) => PathRunnerLog.Lost(logger, endPoint, code, reason);
}

internal static partial class PathRunnerLog
{
    [LoggerMessage(5001, LogLevel.Information, "The path to {EndPoint} is down ({Code}): {Reason}")]
    public static partial void Lost(ILogger logger, string endPoint, string code, string reason);
}
