using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Transfers;

/// <summary>Events 2100 to 2199.</summary>
internal sealed partial class TransferGrain
{
    [LoggerMessage(2100, LogLevel.Information, "Transfer {TransferId}: {Before} to {After} ({Code})")]
    private static partial void LogMoved(ILogger logger, Guid transferId, TransferState before, TransferState after, FailureCode code);

    [LoggerMessage(2101, LogLevel.Warning, "The session of transfer {TransferId} couldn't be set to {Status}: {Problem}")]
    private static partial void LogSessionNotUpdated(ILogger logger, Guid transferId, SessionStatus status, Failure problem);

    [LoggerMessage(2102, LogLevel.Warning, "The lanes of transfer {TransferId} weren't closed within {Limit}")]
    private static partial void LogLanesNotClosed(ILogger logger, Guid transferId, TimeSpan limit);

    [LoggerMessage(2105, LogLevel.Warning, "The gateways weren't told of transfer {TransferId}'s priority within {Limit}")]
    private static partial void LogPriorityNotTold(ILogger logger, Guid transferId, TimeSpan limit);

    [LoggerMessage(2106, LogLevel.Warning, "What transfer {TransferId} had left undone couldn't be done when it was activated")]
    private static partial void LogNotRepaired(ILogger logger, Exception exception, Guid transferId);

    [LoggerMessage(2103, LogLevel.Warning, "The catalogue couldn't be told of transfer {TransferId}")]
    private static partial void LogCatalogueFailed(ILogger logger, Exception exception, Guid transferId);

    [LoggerMessage(2104, LogLevel.Warning, "The end of transfer {TransferId} is delayed ({Problem}); next try in {Pause}")]
    private static partial void LogEndingDelayed(ILogger logger, Exception? exception, Guid transferId, Failure problem, TimeSpan pause);
}
