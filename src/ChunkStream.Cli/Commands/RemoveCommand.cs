using System.CommandLine;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream rm FILE_ID</c></summary>
internal static class RemoveCommand
{
    private static readonly Argument<Guid> FileId = ValueOptions.Id("FILE_ID", "The file, as 'ls' tells it.");

    public static Command Create(CliEnvironment environment) =>
        new Command("rm", "Deletes a stored file and its chunks.") { FileId }.Runs(environment, async (call, cancellationToken) =>
        {
            Guid fileId = call.Value(FileId);
            await call.Control.DeleteFileAsync(fileId, cancellationToken);
            call.Write(new { fileId, deleted = true }, console => console.WriteLine($"{fileId}  deleted"));
            return ExitCode.Done;
        });
}
