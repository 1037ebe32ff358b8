using ChunkStream.Core.Failures;
using ChunkStream.Sdk;

namespace ChunkStream.Cli.Failures;

/// <summary>How a command fails: a stable code, a sentence, and the exit code.</summary>
internal sealed record Fault(string Code, string Message, int ExitCode)
{
    /// <summary>What an interruption means for a command that moves a file.</summary>
    public const string Resumable = "Interrupted. What was committed is kept; the same command goes on from there.";

    private const string Defect = "internal";

    /// <summary>A mistake of this program, or of the service: whoever mends it needs the stack trace.</summary>
    public bool IsDefect => Code == Defect;

    public static Fault Of(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        CliException known => known.Fault,
        _ when cancellationToken.IsCancellationRequested => new(
            "interrupted", "Interrupted.", Failures.ExitCode.Interrupted),
        ChunkStreamException service => new(service.Code.ToName(), service.Message, Failures.ExitCode.Of(service.Code)),
        UnauthorizedAccessException or IOException => new("io", exception.Message, Failures.ExitCode.Failed),
        _ => new(Defect, $"This should not have happened: {exception.Message}", Failures.ExitCode.Failed),
    };
}
