using ChunkStream.Core.Integrity.Verification;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Assembly;

internal sealed partial class FileScrubber
{
    [LoggerMessage(4310, LogLevel.Warning, "Verified file {FileId}: {Found}")]
    private partial void LogBad(Guid fileId, BatchVerification found);

    [LoggerMessage(4311, LogLevel.Error, "Stripe {Stripe} of file {FileId} has too few good chunks: it is lost")]
    private partial void LogLost(int stripe, Guid fileId);

    [LoggerMessage(4312, LogLevel.Error, "Stripe {Stripe} of file {FileId} could not be rebuilt: {Reason}")]
    private partial void LogNotRebuilt(int stripe, Guid fileId, string reason);
}
