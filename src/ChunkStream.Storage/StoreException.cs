using ChunkStream.Core.Failures;

namespace ChunkStream.Storage;

/// <summary>A volume refused or failed: <c>store-full</c>, <c>store-failed</c> or <c>not-found</c>.</summary>
public sealed class StoreException : Exception
{
    public StoreException(FailureCode code, string message, Exception? cause = null) : base(message, cause) => Code = code;

    public FailureCode Code { get; }
}
