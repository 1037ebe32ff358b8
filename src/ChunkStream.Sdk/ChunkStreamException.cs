using ChunkStream.Core.Failures;

namespace ChunkStream.Sdk;

/// <summary>The one exception that the SDK throws for what goes wrong outside of the caller's code.</summary>
public sealed class ChunkStreamException : Exception
{
    public ChunkStreamException(FailureCode code, string message, Exception? cause = null) : base(message, cause) => Code = code;

    public ChunkStreamException(Failure failure) : this(failure.Code, failure.Message) { }

    /// <summary>The stable code; its name is the one in problem+json.</summary>
    public FailureCode Code { get; }

    /// <summary>Whether the same call may succeed later with nothing changed. What was committed is kept.</summary>
    public bool IsTransient => Code.IsTransient();
}
