using System.CommandLine;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Naming;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream get FILE_ID [-o OUT]</c></summary>
internal static class GetCommand
{
    private static readonly Argument<Guid> FileId = ValueOptions.Id("FILE_ID", "The file, as 'send' and 'ls' tell it.");
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "Where to write: a file, or a folder. Default: the stored name, made safe, in this folder.", HelpName = "OUT" };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace a file that is there." };
    private static readonly Option<string?> Manifest = new("--manifest") { Description = "Also keep the file's manifest here, for 'verify --local' without the service.", HelpName = "M" };
    private static readonly Option<TransferPriority?> Priority = ValueOptions.Named<TransferPriority>("--priority", "How much of the bandwidth it gets beside others. Default: normal.");

    public static Command Create(CliEnvironment environment) =>
        new Command("get", "Receives a file, verified. The same command again after an interruption goes on where it stopped.")
        {
            FileId, Output, Force, Manifest, Priority,
        }.WithNetworkOptions().Runs(environment, RunAsync, Fault.Resumable);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        Guid fileId = call.Value(FileId);
        string output = await OutputPath.ResolveAsync(
            call.Value(Output), call.Value(Force), async () => (await call.Control.GetFileAsync(fileId, cancellationToken)).Name);
        string? manifest = call.Value(Manifest) is { } path
            ? await OutputPath.ResolveAsync(path, call.Value(Force), () => Task.FromResult($"{fileId}.manifest"))
            : null;
        var client = new ChunkStreamClient(call.Control, NetworkOptions.Of(call));
        var options = new ReceiveOptions { Overwrite = call.Value(Force), Priority = call.Value(Priority) ?? TransferPriority.Normal };
        ReceiveResult result = await call.Displays.ReceivingAsync(
            $"Receiving {Texts.Name(Path.GetFileName(output))}",
            progress => client.ReceiveAsync(fileId, output, options, progress, cancellationToken));
        if (manifest is not null) await KeepManifestAsync(client, fileId, manifest, cancellationToken);
        call.Write(Documents.Of(result), console => console.WriteLine(
            $"{result.FileId}  {SizeText.Format(result.SizeBytes)}  {result.Blake3}  {Texts.Name(output)}"));
        call.Say($"{Texts.Seconds(result.Elapsed)}, {Texts.Rate(result.SizeBytes, result.Elapsed)}");
        return ExitCode.Done;
    }

    private static async Task KeepManifestAsync(ChunkStreamClient client, Guid fileId, string path, CancellationToken cancellationToken)
    {
        // Whole or not at all: it says so itself where it is cut, but a name that is there should be one that can be used.
        string temporary = path + ".part";
        await using (FileStream stream = File.Create(temporary)) await client.ReadManifestAsync(fileId, stream, cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }
}
