using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Paths;

internal sealed partial class PathRunner<T>
{
    /// <summary>One connection takes another's place on the same path.</summary>
    public void LogSwap(string from, string to) => PathRunnerLog.Swap(logger, from, to);

    private void LogLost(string local, string endPoint, string code, string reason) => PathRunnerLog.Lost(logger, local, endPoint, code, reason);

    private void LogGone(string path) => PathRunnerLog.Gone(logger, path);
}

internal static partial class PathRunnerLog
{
    [LoggerMessage(5001, LogLevel.Information, "The path from {Local} to {EndPoint} is down ({Code}): {Reason}")]
    public static partial void Lost(ILogger logger, string local, string endPoint, string code, string reason);

    [LoggerMessage(5002, LogLevel.Information, "The path {From} goes on as {To}")]
    public static partial void Swap(ILogger logger, string from, string to);

    [LoggerMessage(5003, LogLevel.Information, "The path {Path} is no more: its address or its gateway has gone")]
    public static partial void Gone(ILogger logger, string path);
}
