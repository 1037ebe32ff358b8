using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Cli.Verifying;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream verify FILE_ID</c>, and <c>verify --local FILE</c> against a manifest, the service's or one of this machine.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<Guid?> FileId = ValueOptions.OptionalId("FILE_ID", "The file, as 'ls' tells it. With --local: whose manifest is asked of the service.");
    private static readonly Option<string?> Local = new("--local") { Description = "Verify this file of this machine, chunk by chunk, and say which chunks differ.", HelpName = "FILE" };
    private static readonly Option<string?> Manifest = new("--manifest") { Description = "With --local: the manifest to verify against; no service is needed then.", HelpName = "M" };
    private static readonly Option<string?> Record = new("--record") { Description = "With --local: add what was found to these records. Without a manifest: make their last check again.", HelpName = "LOG" };

    public static Command Create(CliEnvironment environment) =>
        new Command("verify", "Has the service read and verify every chunk of a file, and rebuild what is bad; or verifies a local file. Exit code 4 where bytes are lost or differ.")
        {
            FileId, Local, Manifest, Record,
        }.Runs(environment, RunAsync);

    private static Task<int> RunAsync(Call call, CancellationToken cancellationToken) =>
        (call.Value(FileId), call.Value(Local), call.Value(Manifest), call.Value(Record)) switch
        {
            ({ } fileId, null, null, null) => AtRestAsync(call, fileId, cancellationToken),
            (null, { } file, { } manifest, var log) => LocalVerifier.AgainstFileAsync(call, file, manifest, log, cancellationToken),
            ({ } fileId, { } file, null, var log) => LocalVerifier.AgainstServiceAsync(call, file, fileId, log, cancellationToken),
            (null, { } file, null, { } log) => CheckRecords.CheckAgainAsync(call, file, log, cancellationToken),
            (_, null, null, null) => throw CliException.Usage("FILE_ID is missing, or --local FILE with --manifest M."),
            (_, null, _, _) => throw CliException.Usage("--manifest and --record go with --local FILE."),
            (null, _, null, null) => throw CliException.Usage("--local needs what to verify against: --manifest M, FILE_ID, or --record LOG."),
            _ => throw CliException.Usage("FILE_ID and --manifest both say what to verify against: give one."),
        };

    private static async Task<int> AtRestAsync(Call call, Guid fileId, CancellationToken cancellationToken)
    {
        VerifyReport report = await call.Control.VerifyFileAsync(fileId, cancellationToken);
        call.Write(
            new
            {
                fileId,
                report.IsReadable,
                report.CheckedChunks,
                report.BadChunks,
                report.RebuiltChunks,
                report.LostStripes,
                report.LostBytes,
                report.Manifest,
                report.ManifestProblem,
                Bad = report.Bad ?? [],
                report.MoreBadChunks,
            },
            console =>
            {
                console.WriteLine($"{fileId}  {Verdict(report)}");
                if (report.ManifestProblem is not null) console.WriteLine($"  manifest {report.Manifest}: {Texts.Line(report.ManifestProblem)}");
                foreach (DifferingChunk chunk in report.Bad ?? []) console.WriteLine($"  {chunk}");
                if (report.MoreBadChunks > 0) console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {report.MoreBadChunks} more"));
            });
        return report.IsReadable ? ExitCode.Done : ExitCode.Integrity;
    }

    private static string Verdict(VerifyReport report)
    {
        FormattableString verdict = report switch
        {
            { LostStripes: > 0 } =>
                $"lost: {report.LostBytes} bytes in {report.LostStripes} stripes can't be read; {report.BadChunks} of {report.CheckedChunks} chunks are bad",
            { IsReadable: false } => $"lost: the manifest can't be made again; {report.BadChunks} of {report.CheckedChunks} chunks are bad",
            { BadChunks: > 0 } => $"readable: {report.BadChunks} of {report.CheckedChunks} chunks were bad, {report.RebuiltChunks} were rebuilt",
            { ManifestProblem: not null } => $"readable: {report.CheckedChunks} chunks are good, and the manifest was not",
            _ => $"good: {report.CheckedChunks} chunks",
        };
        return verdict.ToString(CultureInfo.InvariantCulture);
    }
}
