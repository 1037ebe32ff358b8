using System.CommandLine;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream ls</c></summary>
internal static class ListCommand
{
    private const int MaxLimit = 1000;

    private static readonly Option<bool> Transfers = new("--transfers") { Description = "List transfers in place of files: what moves, has moved, or failed." };
    private static readonly Option<TransferState?> State = ValueOptions.Named<TransferState>("--state", "Only transfers in this state.");
    private static readonly Option<TransferDirection?> Direction = ValueOptions.Named<TransferDirection>("--direction", "Only transfers of this direction.");
    private static readonly Option<int> Limit = new("--limit") { Description = $"How many, 1 to {MaxLimit}.", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<Guid?> After = new("--after") { Description = "Go on behind this id, which the page before names.", HelpName = "ID" };

    public static Command Create(CliEnvironment environment) =>
        new Command("ls", "Lists stored files, newest first; with --transfers, transfers.") { Transfers, State, Direction, Limit, After }
            .Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Value(Limit) is < 1 or > MaxLimit) throw CliException.Usage($"--limit is {call.Value(Limit)}. It is 1 to {MaxLimit}.");
        bool filters = call.Value(State) is not null || call.Value(Direction) is not null;
        if (call.Value(Transfers) || filters) await ListTransfersAsync(call, cancellationToken);
        else await ListFilesAsync(call, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task ListFilesAsync(Call call, CancellationToken cancellationToken)
    {
        Page<StoredFile> page = await call.Control.ListFilesAsync(call.Value(After), call.Value(Limit), cancellationToken);
        call.Write(page, console =>
        {
            Table table = Texts.Plain("ID", "SIZE", "HEALTH", "CREATED", "NAME");
            foreach (StoredFile file in page.Items)
                table.Row(file.Id.ToString(), SizeText.Format(file.SizeBytes), file.Health, Texts.Time(file.CreatedAt), Texts.Name(file.Name));
            console.Write(table);
        });
        SayWhatIsLeft(call, page.Items.Count, page.Next, "files");
    }

    private static async Task ListTransfersAsync(Call call, CancellationToken cancellationToken)
    {
        var query = new TransferQuery(call.Value(State), call.Value(Direction), call.Value(After), call.Value(Limit));
        Page<Transfer> page = await call.Control.ListTransfersAsync(query, cancellationToken);
        call.Write(page, console =>
        {
            Table table = Texts.Plain("ID", "DIRECTION", "STATE", "SIZE", "UPDATED", "NAME");
            foreach (Transfer transfer in page.Items)
                table.Row(
                    transfer.Id.ToString(), EnumNames.Of(transfer.Direction), StateOf(transfer), SizeText.Format(transfer.SizeBytes),
                    Texts.Time(transfer.UpdatedAt), Texts.Name(transfer.Name));
            console.Write(table);
        });
        SayWhatIsLeft(call, page.Items.Count, page.Next, "transfers");
    }

    private static string StateOf(Transfer transfer) =>
        transfer.FailureCode is { } code ? $"{EnumNames.Of(transfer.State)} ({code})" : EnumNames.Of(transfer.State);

    private static void SayWhatIsLeft(Call call, int count, Guid? next, string what)
    {
        if (call.IsJson) return;
        if (count == 0) call.Say($"No {what}.");
        if (next is { } after) call.Say($"There are more: --after {after}");
    }
}
