using System.CommandLine;
using ChunkStream.Cli.Failures;

namespace ChunkStream.Cli.Running;

/// <summary>Gives a command its body, with the one place where what goes wrong becomes a message and an exit code.</summary>
internal static class CommandBody
{
    /// <param name="whenInterrupted">What Ctrl-C means for this command, where there is more to say than that it was interrupted.</param>
    public static Command Runs(
        this Command command, CliEnvironment environment, Func<Call, CancellationToken, Task<int>> body, string? whenInterrupted = null)
    {
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var call = new Call(parse, environment);
            try
            {
                return await body(call, cancellationToken);
            }
#pragma warning disable CA1031 // The last stop: scripts count on a code and a document, whatever went wrong.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fault fault = Fault.Of(exception, cancellationToken);
                if (fault.IsDefect) await environment.Error.WriteLineAsync(exception.ToString());
                bool isInterruption = fault.ExitCode == ExitCode.Interrupted && whenInterrupted is not null;
                return Reporter.Report(parse, environment, isInterruption ? fault with { Message = whenInterrupted! } : fault);
            }
        });
        return command;
    }
}
