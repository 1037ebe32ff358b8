using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream verify FILE_ID</c></summary>
internal static class VerifyCommand
{
    private static readonly Argument<Guid> FileId = ValueOptions.Id("FILE_ID", "The file, as 'ls' tells it.");

    public static Command Create(CliEnvironment environment) =>
        new Command("verify", "Has the service read and verify every chunk of a file, and rebuild what is bad. Exit code 4 where bytes are lost.")
        {
            FileId,
        }.Runs(environment, async (call, cancellationToken) =>
        {
            Guid fileId = call.Value(FileId);
            VerifyReport report = await call.Control.VerifyFileAsync(fileId, cancellationToken);
            call.Write(
                new { fileId, report.CheckedChunks, report.BadChunks, report.RebuiltChunks, report.LostStripes, report.IsReadable },
                console => console.WriteLine($"{fileId}  {Verdict(report)}"));
            return report.IsReadable ? ExitCode.Done : ExitCode.Integrity;
        });

    private static string Verdict(VerifyReport report)
    {
        FormattableString verdict = report switch
        {
            { IsReadable: false } => $"lost: {report.LostStripes} stripes can't be read; {report.BadChunks} of {report.CheckedChunks} chunks are bad",
            { BadChunks: > 0 } => $"readable: {report.BadChunks} of {report.CheckedChunks} chunks were bad, {report.RebuiltChunks} were rebuilt",
            _ => $"good: {report.CheckedChunks} chunks",
        };
        return verdict.ToString(CultureInfo.InvariantCulture);
    }
}
