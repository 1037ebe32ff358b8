using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.State;

/// <summary>Events 2000 to 2099.</summary>
internal sealed partial class DurableState<T>
{
    [LoggerMessage(2000, LogLevel.Error, "The stored {State} of {Grain} can't be read")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string state, GrainId grain);

    [LoggerMessage(2001, LogLevel.Error, "The {State} of {Grain} couldn't be stored; the activation ends")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, string state, GrainId grain);
}
