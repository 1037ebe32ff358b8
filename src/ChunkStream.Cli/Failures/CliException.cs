using ChunkStream.Core.Failures;

namespace ChunkStream.Cli.Failures;

/// <summary>A command can't go on, for a reason of its own; <see cref="Fault"/> says how it ends.</summary>
internal sealed class CliException : Exception
{
    public CliException(FailureCode code, string message) : base(message) => Fault = new(code.ToName(), message, ExitCode.Of(code));

    private CliException(Fault fault) : base(fault.Message) => Fault = fault;

    public Fault Fault { get; }

    /// <summary>The arguments don't fit together, or one isn't what it should be.</summary>
    public static CliException Usage(string message) => new(new Fault("usage", message, ExitCode.Usage));
}
