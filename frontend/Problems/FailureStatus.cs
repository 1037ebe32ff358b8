using ChunkStream.Core.Failures;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace ChunkStream.Frontend.Problems;

/// <summary>The HTTP status of every failure code: the one place that knows.</summary>
internal static class FailureStatus
{
    public static int Of(FailureCode code) => code switch
    {
        FailureCode.InvalidRequest or FailureCode.InvalidName or FailureCode.InvalidLayout => Status400BadRequest,
        FailureCode.Unauthenticated => Status401Unauthorized,
        FailureCode.NotAllowed => Status403Forbidden,
        FailureCode.NotFound => Status404NotFound,
        FailureCode.InvalidTransition or FailureCode.Conflict or FailureCode.QuotaReached => Status409Conflict,
        FailureCode.LengthRequired => Status411LengthRequired,
        FailureCode.RangeNotSatisfiable => Status416RangeNotSatisfiable,
        FailureCode.LimitReached => Status429TooManyRequests,

        // A client that speaks HTTP sees these only where the frontend itself spoke to a gateway.
        FailureCode.FrameTooLong or FailureCode.FrameTruncated or FailureCode.FrameUnknown or FailureCode.VersionUnsupported
            or FailureCode.ChunkOutsideLayout or FailureCode.ChunkLengthWrong or FailureCode.ChunkHashMismatch => Status400BadRequest,
        FailureCode.TicketInvalid or FailureCode.TicketExpired => Status403Forbidden,
        FailureCode.PinMismatch or FailureCode.PathLost => Status502BadGateway,
        FailureCode.HandshakeTimeout or FailureCode.TimedOut => Status504GatewayTimeout,

        // What was asked for doesn't fit what is stored or what state it is in.
        FailureCode.TransferNotOpen or FailureCode.Cancelled or FailureCode.Paused or FailureCode.Expired or FailureCode.FileChanged
            or FailureCode.ChunksMissing => Status409Conflict,
        FailureCode.ContentHashMismatch => Status422UnprocessableEntity,

        FailureCode.StoreFull => Status507InsufficientStorage,
        FailureCode.Unreachable or FailureCode.NotReady or FailureCode.ShuttingDown or FailureCode.NoGateway => Status503ServiceUnavailable,
        FailureCode.ManifestInvalid or FailureCode.StoreFailed or FailureCode.StateDamaged or FailureCode.ChunkUnreadable
            or FailureCode.SourceUnreadable or FailureCode.TargetUnwritable or FailureCode.Internal or FailureCode.None => Status500InternalServerError,
        _ => Status500InternalServerError,
    };
}
