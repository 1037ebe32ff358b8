using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream show ID</c></summary>
internal static class ShowCommand
{
    private static readonly Argument<Guid> Id = ValueOptions.Id("ID", "A transfer's or a file's id.");

    public static Command Create(CliEnvironment environment) =>
        new Command("show", "Shows a transfer with its durable progress, or a file.") { Id }.Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        Guid id = call.Value(Id);
        if (await FindAsync(() => call.Control.GetTransferAsync(id, cancellationToken)) is { } transfer)
        {
            Session? session = await FindAsync(() => call.Control.GetSessionAsync(id, cancellationToken));
            Show(call, transfer, session);
        }
        else if (await FindAsync(() => call.Control.GetFileAsync(id, cancellationToken)) is { } file)
        {
            Show(call, file, await FindAsync(() => call.Control.ListChecksAsync(id, cancellationToken)) ?? []);
        }
        else
        {
            throw new CliException(FailureCode.NotFound, $"There is neither a transfer nor a file {id}.");
        }
        return ExitCode.Done;
    }

    private static async Task<T?> FindAsync<T>(Func<Task<T>> get) where T : class
    {
        try
        {
            return await get();
        }
        catch (ChunkStreamException exception) when (exception.Code == FailureCode.NotFound)
        {
            return null;
        }
    }

    private static void Show(Call call, Transfer transfer, Session? session) => call.Write(new { transfer, session }, console => console.Details(
        ("transfer", transfer.Id.ToString()),
        ("file", transfer.FileId.ToString()),
        ("name", Texts.Name(transfer.Name)),
        ("direction", EnumNames.Of(transfer.Direction)),
        ("state", EnumNames.Of(transfer.State)),
        ("failure", transfer.FailureCode is null ? null : $"{transfer.FailureMessage} ({transfer.FailureCode})"),
        ("history", transfer.Failures is null ? null : string.Join("\n", transfer.Failures.Select(Line))),
        ("priority", EnumNames.Of(transfer.Priority)),
        ("size", Size(transfer.SizeBytes)),
        ("layout", Layout(transfer.ChunkBytes, transfer.DataShards, transfer.ParityShards)),
        ("committed", transfer.Direction == TransferDirection.Receive ? null : Count(session?.CommittedChunks ?? transfer.CommittedChunks, transfer.TotalChunks)),
        ("rebuilt", transfer.RebuiltChunks == 0 ? null : transfer.RebuiltChunks.ToString(CultureInfo.InvariantCulture) + " chunks"),
        ("resumable", session is null ? null : session.IsResumable ? "yes" : $"no: {session.NotResumableBecause}"),
        ("blake3", transfer.Blake3?.ToString()),
        ("created", Texts.Time(transfer.CreatedAt)),
        ("updated", Texts.Time(transfer.UpdatedAt))));

    private static void Show(Call call, StoredFile file, IReadOnlyList<IntegrityCheck> checks) => call.Write(new { file, checks }, console => console.Details(
        ("file", file.Id.ToString()),
        ("name", Texts.Name(file.Name)),
        ("size", Size(file.SizeBytes)),
        ("blake3", file.Blake3.ToString()),
        ("layout", Layout(file.ChunkBytes, file.DataShards, file.ParityShards)),
        ("manifest", file.ManifestDigest.ToString()),
        ("health", file.Health),
        ("checks", checks.Count == 0 ? null : string.Join("\n", checks.Select(Line))),
        ("created", Texts.Time(file.CreatedAt))));

    private static string Line(IntegrityCheck check) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Texts.Time(check.CheckedAt)} {(check.Passed ? "passed" : "failed")}: {check.BadChunks} of {check.CheckedChunks} chunks bad, {check.RebuiltChunks} rebuilt; manifest {check.Manifest}");

    private static string Line(TransferFailure failure) => failure.RecoveredAt is { } recovered
        ? $"{Texts.Time(failure.At)} {failure.Code}, over at {Texts.Time(recovered)}"
        : $"{Texts.Time(failure.At)} {failure.Code}";

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{SizeText.Format(bytes)} ({bytes} bytes)");

    private static string Layout(int chunkBytes, int dataShards, int parityShards) =>
        $"{dataShards} + {parityShards} chunks of {SizeText.Format(chunkBytes)} a stripe";

    private static string Count(long committed, long total) => string.Create(CultureInfo.InvariantCulture, $"{committed} of {total} chunks");
}
