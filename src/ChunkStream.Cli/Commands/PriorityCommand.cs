using System.CommandLine;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream priority ID high|normal|low</c></summary>
internal static class PriorityCommand
{
    private static readonly Argument<Guid> Id = ValueOptions.Id("ID", "The transfer, as 'ls --transfers' tells it.");

    private static readonly Argument<TransferPriority> Priority =
        ValueOptions.NamedArgument<TransferPriority>("PRIORITY", "How much of the bandwidth it gets beside others: high, normal or low.");

    public static Command Create(CliEnvironment environment) =>
        new Command("priority", "Changes a transfer's priority while it runs.") { Id, Priority }.Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        Transfer transfer = await call.Control.SetPriorityAsync(call.Value(Id), call.Value(Priority), cancellationToken);
        call.Write(transfer, console => console.Details((transfer.Id.ToString(), $"{EnumNames.Of(transfer.Priority)}  {Texts.Name(transfer.Name)}")));
        return ExitCode.Done;
    }
}
