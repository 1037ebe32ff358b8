using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Serving;

internal sealed partial class StripeRepairer
{
    [LoggerMessage(4301, LogLevel.Warning, "Rebuilt {Chunks} chunks in {Stripes} stripes of file {FileId}")]
    private partial void LogRepaired(long chunks, int stripes, Guid fileId);

    [LoggerMessage(4302, LogLevel.Error, "{Stripes} stripes of file {FileId} could not be repaired: {Reason}")]
    private partial void LogNotRepaired(int stripes, Guid fileId, string reason);

    [LoggerMessage(4303, LogLevel.Error, "Stripe {Stripe} of file {FileId} has too few good chunks: it is lost")]
    private partial void LogLost(int stripe, Guid fileId);
}
