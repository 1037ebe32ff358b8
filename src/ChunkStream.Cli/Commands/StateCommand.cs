using System.CommandLine;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream pause|resume|cancel ID</c></summary>
internal static class StateCommand
{
    public static Command Pause(CliEnvironment environment) => Create(
        environment, "pause", "Pauses a transfer. What is committed is kept.", (control, id, token) => control.PauseAsync(id, token));

    public static Command Resume(CliEnvironment environment) => Create(
        environment, "resume", "Lets a paused transfer go on. Sending the same file again does so too.", (control, id, token) => control.ResumeAsync(id, token));

    public static Command Cancel(CliEnvironment environment) => Create(
        environment, "cancel", "Ends a transfer, and frees what it stored.", (control, id, token) => control.CancelAsync(id, token));

    private static Command Create(
        CliEnvironment environment, string name, string description, Func<IControlPlane, Guid, CancellationToken, Task<Transfer>> command)
    {
        Argument<Guid> id = ValueOptions.Id("ID", "The transfer, as 'ls --transfers' tells it.");
        return new Command(name, description) { id }.Runs(environment, async (call, cancellationToken) =>
        {
            Transfer transfer = await command(call.Control, call.Value(id), cancellationToken);
            call.Write(transfer, console => console.Details((transfer.Id.ToString(), $"{EnumNames.Of(transfer.State)}  {Texts.Name(transfer.Name)}")));
            return ExitCode.Done;
        });
    }
}
