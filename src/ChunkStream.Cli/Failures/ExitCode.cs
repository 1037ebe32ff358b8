using ChunkStream.Core.Failures;

namespace ChunkStream.Cli.Failures;

/// <summary>What the program's exit tells scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotReached = 3;
    public const int Integrity = 4;
    public const int Interrupted = 130;

    public static int Of(FailureCode code) => code switch
    {
        FailureCode.InvalidRequest or FailureCode.InvalidName or FailureCode.InvalidLayout => Usage,
        FailureCode.Unauthenticated or FailureCode.NotAllowed or FailureCode.TicketInvalid or FailureCode.TicketExpired
            or FailureCode.Unreachable or FailureCode.TimedOut or FailureCode.PathLost or FailureCode.HandshakeTimeout
            or FailureCode.PinMismatch or FailureCode.NoGateway or FailureCode.ShuttingDown => NotReached,
        FailureCode.ChunkHashMismatch or FailureCode.ContentHashMismatch or FailureCode.ManifestInvalid or FailureCode.ChunksMissing
            or FailureCode.FileChanged or FailureCode.ChunkUnreadable => Integrity,
        _ => Failed,
    };
}
