using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Demo;

/// <summary>
/// Moves a file through the whole service and back while things go wrong on purpose: chunks are lost, the sending is interrupted, the
/// service restarts, shards disappear from the disk. Each step tells what really happened, and <see cref="DemoVerdict"/> judges it.
/// </summary>
/// <remarks>
/// The interruption comes when half of the file is committed. A file so small that it is sent before that is seen is interrupted
/// between its last chunk and its completion. An empty file has no chunks to lose, to rebuild or to commit.
/// </remarks>
internal sealed class Demonstration(DemoOptions options, Call call) : IAsyncDisposable
{
    private const int DataShards = 10;
    private const int ParityShards = 3;
    private const int Steps = 8;

    private readonly DemoFolders _folders = new(options.DataDirectory);
    private readonly PlannedLoss _loss = new(DataShards, ParityShards);
    private readonly SentChunks _sent = new();
    private DemoService _service = null!;
    private int _step;

    public async Task<(DemoReport Report, DemoVerdict Verdict)> RunAsync(CancellationToken cancellationToken)
    {
        long size = options.File is { } given ? SourceSize(given) : options.SizeBytes;
        _folders.CheckRoomFor(size);
        _service = new(_folders.Data, options.Transport);

        await StartAsync(cancellationToken);
        string source = options.File ?? await GenerateAsync(size, cancellationToken);
        var (transferId, firstElapsed) = await SendHalfAsync(source, cancellationToken);
        await RestartAsync(cancellationToken);
        var (session, interrupted) = await ReadSessionAsync(transferId, cancellationToken);
        SendResult sent = await SendRestAsync(source, cancellationToken);
        IReadOnlyList<string> deleted = DeleteShards(sent.FileId);
        ReceiveResult received = await ReceiveAsync(sent.FileId, cancellationToken);
        bool identical = await CompareAsync(source, sent, received, cancellationToken);

        var report = new DemoReport
        {
            FileId = sent.FileId,
            Bytes = sent.SizeBytes,
            Blake3 = sent.Blake3,
            Transport = sent.Paths.Count == 0 ? "none" : string.Join('+', sent.Paths.Select(path => path.Transport).Distinct().Order(StringComparer.Ordinal)),
            Paths = sent.Paths.Count,
            SendMiBps = MiBps(sent.SizeBytes, firstElapsed + sent.Elapsed),
            ReceiveMiBps = MiBps(received.SizeBytes, received.Elapsed),
            ChunksSent = _sent.Count,
            ChunksLost = _loss.Count,
            ChunksRebuilt = sent.ChunksRebuilt + received.ChunksRebuilt,
            ChunksCommittedBeforeInterrupt = session.CommittedChunks,
            ChunksSentAgainAfterCommit = _sent.SentAgain,
            Identical = identical,
        };
        return (report, new DemoVerdict(report, interrupted, sent.ChunksRebuilt, received.ChunksRebuilt, deleted.Count));
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
        _folders.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        Step("Starting the service");
        await _service.StartAsync(cancellationToken);
        call.Say($"      HTTP at {_service.Url.ToString().TrimEnd('/')}, lanes at {string.Join(" and ", _service.GatewayEndpoints)}");
    }

    private Task<string> GenerateAsync(long sizeBytes, CancellationToken cancellationToken) =>
        call.Displays.ReceivingAsync($"      Generating {SizeText.Format(sizeBytes)}", async progress =>
        {
            await TestData.WriteAsync(_folders.Source, sizeBytes, progress, cancellationToken);
            return _folders.Source;
        });

    private async Task<(Guid TransferId, TimeSpan Elapsed)> SendHalfAsync(string source, CancellationToken cancellationToken)
    {
        Step($"Sending, and losing {ParityShards} of the {DataShards + ParityShards} chunks of every stripe, each time others");
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var control = new InterruptedControl(_service.Control, interruption);
        var client = new ChunkStreamClient(control, _service.ClientOptions);
        long startedAt = call.Environment.Time.GetTimestamp();
        await call.Displays.SendingAsync("      Sending", async progress =>
        {
            try
            {
                return await client.SendAsync(source, SendOptions(), new InterruptingProgress(progress, interruption), interruption.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        });
        TimeSpan elapsed = call.Environment.Time.GetElapsedTime(startedAt);
        Step("Interrupted: the sender stops, and so does the service");
        return (control.TransferId, elapsed);
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _service.StopAsync(cancellationToken);
        Step("Starting the service again on the same data");
        await _service.StartAsync(cancellationToken);
    }

    private async Task<(Session Session, bool Interrupted)> ReadSessionAsync(Guid transferId, CancellationToken cancellationToken)
    {
        Transfer transfer = await _service.Control.GetTransferAsync(transferId, cancellationToken);
        Session session = await _service.Control.GetSessionAsync(transferId, cancellationToken);
        _sent.Expect(ChunkSet.FromBounds(session.Committed));
        call.Say(string.Create(CultureInfo.InvariantCulture, $"      The session has {session.CommittedChunks} of {session.TotalChunks} chunks; the transfer is {EnumNames.Of(transfer.State)}"));
        return (session, !transfer.HasEnded && transfer.State != TransferState.Completing);
    }

    private Task<SendResult> SendRestAsync(string source, CancellationToken cancellationToken)
    {
        Step("Sending the same file again, which sends what isn't committed");
        var client = new ChunkStreamClient(_service.Control, _service.ClientOptions);
        return call.Displays.SendingAsync("      Sending the rest", progress => client.SendAsync(source, SendOptions(), progress, cancellationToken));
    }

    private IReadOnlyList<string> DeleteShards(Guid fileId)
    {
        Step("Deleting shards of the stored file from the disk");
        IReadOnlyList<string> deleted = ShardLoss.Delete(_service.VolumeDirectory, fileId, ParityShards);
        call.Say(deleted.Count == 0 ? "      The file is empty and has none" : $"      Deleted {string.Join(", ", deleted)}");
        return deleted;
    }

    private Task<ReceiveResult> ReceiveAsync(Guid fileId, CancellationToken cancellationToken)
    {
        Step("Receiving the file, and rebuilding what is gone");
        var client = new ChunkStreamClient(_service.Control, _service.ClientOptions);
        return call.Displays.ReceivingAsync(
            "      Receiving", progress => client.ReceiveAsync(fileId, _folders.Received, null, progress, cancellationToken));
    }

    private async Task<bool> CompareAsync(string source, SendResult sent, ReceiveResult received, CancellationToken cancellationToken)
    {
        Step("Comparing with the source, byte for byte");
        var (identical, blake3) = await call.Displays.ReceivingAsync(
            "      Comparing", progress => FileComparison.CompareAsync(source, _folders.Received, progress, cancellationToken));
        return identical && blake3 == sent.Blake3 && blake3 == received.Blake3;
    }

    private SendOptions SendOptions() => new()
    {
        DataShards = DataShards,
        ParityShards = ParityShards,
        LoseChunk = _loss.IsLost,
        ChunkSent = _sent.Add,
    };

    private void Step(string what) => call.Say(string.Create(CultureInfo.InvariantCulture, $"{++_step} of {Steps}  {what}"));

    private static double MiBps(long bytes, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? Math.Round(bytes / elapsed.TotalSeconds / (1 << 20), 1) : 0;

    private static long SourceSize(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? info.Length : throw new CliException(
            FailureCode.SourceUnreadable, $"'{Excerpt.Of(file)}' can't be read: {(Directory.Exists(file) ? "it is a folder" : "there is no such file")}.");
    }
}
