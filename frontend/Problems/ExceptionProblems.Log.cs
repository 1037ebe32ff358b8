using ChunkStream.Core.Failures;

namespace ChunkStream.Frontend.Problems;

internal sealed partial class ExceptionProblems
{
    [LoggerMessage(7000, LogLevel.Warning, "{Method} {Path} failed: {Code}: {Message}")]
    private partial void LogFailed(string method, PathString path, FailureCode code, string message);

    [LoggerMessage(7001, LogLevel.Error, "{Method} {Path} failed inside of the service, trace {Trace}")]
    private partial void LogUnknown(Exception exception, string method, PathString path, string trace);
}
