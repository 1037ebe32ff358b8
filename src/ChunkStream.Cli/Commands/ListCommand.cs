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
    private static readonly Option<TransferPriority?> Priority = ValueOptions.Named<TransferPriority>("--priority", "Only transfers of this priority.");
    private static readonly Option<string?> Prefix = new("--prefix") { Description = "Only names that begin so, in the order of names.", HelpName = "NAME" };
    private static readonly Option<DateTimeOffset?> From = ValueOptions.Time("--from", "Only what was created then or later.");
    private static readonly Option<DateTimeOffset?> Before = ValueOptions.Time("--before", "Only what was created earlier.");
    private static readonly Option<bool> All = new("--all") { Description = "Every page, not only one." };
    private static readonly Option<int> Limit = new("--limit") { Description = $"How many a page, 1 to {MaxLimit}.", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<string?> Cursor = new("--cursor") { Description = "Go on where the page before ended, which says how.", HelpName = "CURSOR" };

    public static Command Create(CliEnvironment environment) =>
        new Command("ls", "Lists stored files, newest first; with --transfers, transfers.")
        {
            Transfers, State, Direction, Priority, Prefix, From, Before, Limit, Cursor, All,
        }
            .Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Value(Limit) is < 1 or > MaxLimit) throw CliException.Usage($"--limit is {call.Value(Limit)}. It is 1 to {MaxLimit}.");
        bool filters = call.Value(State) is not null || call.Value(Direction) is not null || call.Value(Priority) is not null;
        if (call.Value(Transfers) || filters) await ListTransfersAsync(call, cancellationToken);
        else await ListFilesAsync(call, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task ListFilesAsync(Call call, CancellationToken cancellationToken)
    {
        Page<StoredFile> page = await PagesAsync(call, cursor => call.Control.ListFilesAsync(
            new(cursor, call.Value(Limit), call.Value(Prefix), call.Value(From), call.Value(Before)), cancellationToken));
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
        var query = new TransferQuery(
            call.Value(State), call.Value(Direction), null, call.Value(Limit), call.Value(Priority), call.Value(Prefix), call.Value(From), call.Value(Before));
        Page<Transfer> page = await PagesAsync(call, cursor => call.Control.ListTransfersAsync(query with { Cursor = cursor }, cancellationToken));
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

    /// <summary>The page that is asked for; with --all, everything from there on as one.</summary>
    private static async Task<Page<T>> PagesAsync<T>(Call call, Func<string?, Task<Page<T>>> listAsync)
    {
        Page<T> page = await listAsync(call.Value(Cursor));
        if (!call.Value(All)) return page;
        var items = new List<T>(page.Items);
        while (page.Next is { } next)
        {
            page = await listAsync(next);
            items.AddRange(page.Items);
        }
        return new(items, null);
    }

    private static string StateOf(Transfer transfer) =>
        transfer.FailureCode is { } code ? $"{EnumNames.Of(transfer.State)} ({code})" : EnumNames.Of(transfer.State);

    private static void SayWhatIsLeft(Call call, int count, string? next, string what)
    {
        if (call.IsJson) return;
        if (count == 0) call.Say($"No {what}.");
        if (next is not null) call.Say($"There are more: --cursor {next}, or --all");
    }
}
