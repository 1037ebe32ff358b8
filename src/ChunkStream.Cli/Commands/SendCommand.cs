using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream send FILE…</c></summary>
internal static class SendCommand
{
    private static readonly Argument<string[]> Files = new("FILE") { Description = "Files to send, one after another.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Name = new("--name") { Description = "The name that the service keeps, for a single file. Default: the file's own.", HelpName = "NAME" };
    private static readonly Option<long?> ChunkSize = ValueOptions.Size("--chunk-size", "Bytes a chunk: a power of two, 64KiB to 1MiB. Default: the service chooses.");
    private static readonly Option<int> DataShards = new("--data-shards") { Description = "Data chunks a stripe, 1 to 128.", DefaultValueFactory = _ => 10, HelpName = "K" };
    private static readonly Option<int> ParityShards = new("--parity-shards") { Description = "Parity chunks a stripe, 0 to 255 - K: as many may be lost.", DefaultValueFactory = _ => 3, HelpName = "M" };
    private static readonly Option<ParityMode?> Parity = ValueOptions.Named<ParityMode>("--parity", "Whether all parity is sent, or only what a path holds up. Default: full.");
    private static readonly Option<TransferPriority?> Priority = ValueOptions.Named<TransferPriority>("--priority", "Whose turn comes first. Default: normal.");

    public static Command Create(CliEnvironment environment) =>
        new Command("send", "Sends files. Sending the same file again after an interruption goes on where it stopped.")
        {
            Files, Name, ChunkSize, DataShards, ParityShards, Parity, Priority,
        }.WithNetworkOptions().Runs(environment, RunAsync, Fault.Resumable);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        string[] files = call.Value(Files);
        if (files.Length > 1 && call.Value(Name) is not null) throw CliException.Usage($"--name is for one file, and {files.Length} are given.");
        SendOptions options = Options(call);
        // All before any: a mistake in the last name shouldn't be found after an hour.
        foreach (string file in files) CheckReadable(file);

        var client = new ChunkStreamClient(call.Control, NetworkOptions.Of(call));
        var sent = new List<Documents.SentDocument>();
        try
        {
            foreach (string file in files) sent.Add(await SendAsync(call, client, file, options, cancellationToken));
        }
        catch (Exception exception) when (sent.Count > 0 && !Fault.Of(exception, cancellationToken).IsDefect)
        {
            Fault fault = Fault.Of(exception, cancellationToken);
            // The files before this one are stored; their ids must not be lost with it.
            call.Write(new Documents.SendDocument(sent, new(fault.Code, fault.Message)), _ => { });
            call.Say($"chunkstream: {fault.Message} ({fault.Code})");
            return fault.ExitCode;
        }
        call.Write(new Documents.SendDocument(sent, null), _ => { });
        return ExitCode.Done;
    }

    private static async Task<Documents.SentDocument> SendAsync(
        Call call, ChunkStreamClient client, string file, SendOptions options, CancellationToken cancellationToken)
    {
        string name = options.Name ?? Path.GetFileName(file);
        SendResult result = await call.Displays.SendingAsync(
            $"Sending {Texts.Name(name)}", progress => client.SendAsync(file, options, progress, cancellationToken));
        if (!call.IsJson)
            call.Results.WriteLine($"{result.FileId}  {SizeText.Format(result.SizeBytes)}  {result.Blake3}  {Texts.Name(name)}");
        call.Say($"{Texts.Seconds(result.Elapsed)}, {Texts.Rate(result.SizeBytes, result.Elapsed)}{Resumed(result)}");
        return Documents.Of(result, name);
    }

    private static string Resumed(SendResult result) => result.ChunksResumed == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {result.ChunksResumed} chunks were there already");

    private static SendOptions Options(Call call)
    {
        long chunkBytes = call.Value(ChunkSize) ?? 0;
        // The file's length isn't known to be right yet, and any one will do here.
        long checkedBytes = chunkBytes == 0 ? FileLayout.MinChunkBytes : Math.Min(chunkBytes, int.MaxValue);
        if (FileLayout.Check(0, (int)checkedBytes, call.Value(DataShards), call.Value(ParityShards)) is { } problem)
            throw CliException.Usage(string.Create(CultureInfo.InvariantCulture, $"{OptionOf(problem.Name)} is {problem.Value}. {problem.Allowed}"));
        return new()
        {
            Name = call.Value(Name),
            ChunkBytes = (int)chunkBytes,
            DataShards = call.Value(DataShards),
            ParityShards = call.Value(ParityShards),
            Parity = call.Value(Parity) ?? ParityMode.Full,
            Priority = call.Value(Priority) ?? TransferPriority.Normal,
        };
    }

    private static string OptionOf(string member) => member switch
    {
        "chunkBytes" => ChunkSize.Name,
        "dataShards" => DataShards.Name,
        _ => ParityShards.Name,
    };

    private static void CheckReadable(string file)
    {
        if (Directory.Exists(file)) throw new CliException(FailureCode.SourceUnreadable, $"'{Excerpt.Of(file)}' is a folder; send takes files.");
        try
        {
            using FileStream _ = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : exception.Message;
            throw new CliException(FailureCode.SourceUnreadable, $"'{Excerpt.Of(file)}' can't be read: {why}");
        }
    }
}
