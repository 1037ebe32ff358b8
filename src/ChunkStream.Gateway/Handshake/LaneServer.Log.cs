using ChunkStream.Core.Failures;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Handshake;

internal sealed partial class LaneServer
{
    [LoggerMessage(4101, LogLevel.Information, "The lane from {Remote} ended: blame {Blame}, {Code}: {Reason}")]
    private partial void LogFailed(string? remote, Blame blame, string code, string reason);

    [LoggerMessage(4102, LogLevel.Error, "A lane's code threw")]
    private partial void LogUnexpected(Exception exception);
}
