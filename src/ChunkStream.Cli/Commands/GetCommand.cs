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
    private static readonly Option<TransferPriority?> Priority = ValueOptions.Named<TransferPriority>("--priority", "How much of the bandwidth it gets beside others. Default: normal.");
    private static readonly Option<long?> Limit = ValueOptions.Rate("--limit", "The most that is received in a second, such as 20MiB/s. Default: no limit.");
    private static readonly Option<TransportChoice?> Transport = ValueOptions.Named<TransportChoice>("--transport", "What lanes run over. Default: auto.");

    public static Command Create(CliEnvironment environment) =>
        new Command("get", "Receives a file, verified. The same command again after an interruption goes on where it stopped.")
        {
            FileId, Output, Force, Priority, Limit, Transport,
        }.Runs(environment, RunAsync, Fault.Resumable);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        Guid fileId = call.Value(FileId);
        string output = await OutputPath.ResolveAsync(
            call.Value(Output), call.Value(Force), async () => (await call.Control.GetFileAsync(fileId, cancellationToken)).Name);
        var client = new ChunkStreamClient(
            call.Control, new() { Transport = call.Value(Transport) ?? TransportChoice.Auto, MaxBytesPerSecond = call.Value(Limit) ?? 0 });
        var options = new ReceiveOptions { Overwrite = call.Value(Force), Priority = call.Value(Priority) ?? TransferPriority.Normal };
        ReceiveResult result = await call.Displays.ReceivingAsync(
            $"Receiving {Texts.Name(Path.GetFileName(output))}",
            progress => client.ReceiveAsync(fileId, output, options, progress, cancellationToken));
        call.Write(Documents.Of(result), console => console.WriteLine(
            $"{result.FileId}  {SizeText.Format(result.SizeBytes)}  {result.Blake3}  {Texts.Name(output)}"));
        call.Say($"{Texts.Seconds(result.Elapsed)}, {Texts.Rate(result.SizeBytes, result.Elapsed)}");
        return ExitCode.Done;
    }
}
