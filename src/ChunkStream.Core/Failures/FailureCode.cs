namespace ChunkStream.Core.Failures;

/// <summary>
/// Every way in which a request, a chunk or a transfer can fail. The numbers stand on the wire and the names (in kebab case) in
/// problem+json, in <c>--json</c> output and in metrics: none is ever changed or used again for something else.
/// </summary>
public enum FailureCode : ushort
{
    None = 0,

    // Requests.
    InvalidRequest = 1,
    NotFound = 2,
    NotAllowed = 3,
    Unauthenticated = 4,
    InvalidTransition = 5,
    Conflict = 6,
    LimitReached = 7,
    InvalidName = 8,
    InvalidLayout = 9,
    LengthRequired = 10,
    RangeNotSatisfiable = 11,
    NotReady = 12,
    QuotaReached = 13,

    // The wire.
    FrameTooLong = 20,
    FrameTruncated = 21,
    FrameUnknown = 22,
    VersionUnsupported = 23,
    TicketInvalid = 24,
    TicketExpired = 25,
    HandshakeTimeout = 26,
    ChunkOutsideLayout = 27,
    ChunkLengthWrong = 28,
    ChunkHashMismatch = 29,
    TransferNotOpen = 30,
    PinMismatch = 31,

    // Integrity.
    ContentHashMismatch = 40,
    ManifestInvalid = 41,
    ChunksMissing = 42,
    FileChanged = 43,

    // The owner's wish.
    Cancelled = 50,
    Paused = 51,
    Expired = 52,

    // Paths.
    PathLost = 60,
    Unreachable = 61,
    TimedOut = 62,

    // The store.
    StoreFull = 80,
    StoreFailed = 81,
    ChunkUnreadable = 82,
    SourceUnreadable = 83,
    TargetUnwritable = 84,
    StateDamaged = 85,

    // Us.
    Internal = 100,
    ShuttingDown = 101,
    NoGateway = 102,
}
