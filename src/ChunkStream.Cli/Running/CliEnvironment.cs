namespace ChunkStream.Cli.Running;

/// <summary>What a command line runs in: where it writes, and what it is told besides its arguments.</summary>
internal sealed class CliEnvironment
{
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>Whether somebody watches standard error: bars are drawn there, and plain lines otherwise.</summary>
    public bool IsErrorTerminal { get; init; }

    public bool IsOutTerminal { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CliEnvironment OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsOutTerminal = !Console.IsOutputRedirected,
        Variable = Environment.GetEnvironmentVariable,
    };
}
