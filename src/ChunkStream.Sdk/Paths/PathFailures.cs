using ChunkStream.Core.Failures;

namespace ChunkStream.Sdk.Paths;

/// <summary>What a lane's failure means for the call.</summary>
internal static class PathFailures
{
    /// <summary>No other path and no later time would change it.</summary>
    public static bool IsFinal(FailureCode code) => code is FailureCode.Paused or FailureCode.TransferNotOpen or FailureCode.Cancelled
        or FailureCode.NotFound or FailureCode.StoreFull or FailureCode.ChunkOutsideLayout or FailureCode.ChunkLengthWrong
        or FailureCode.ManifestInvalid or FailureCode.ChunksMissing or FailureCode.InvalidLayout
        or FailureCode.ChunkHashMismatch;

    /// <summary>Whoever answers there isn't a gateway that we can talk to. Over another path it may be another.</summary>
    public static bool IsGateways(FailureCode code) => code is FailureCode.PinMismatch or FailureCode.VersionUnsupported
        or FailureCode.FrameUnknown or FailureCode.FrameTooLong;
}
