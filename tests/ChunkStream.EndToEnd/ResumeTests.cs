using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.EndToEnd;

/// <summary>Calls that are cut off and made again.</summary>
public sealed class ResumeTests
{
    private const int ChunkBytes = 64 * 1024;

    [Theory]
    [MemberData(nameof(Lanes.All), MemberType = typeof(Lanes))]
    public async Task A_send_that_was_cut_off_resumes_after_a_restart_without_sending_what_was_committed(TransportChoice transport)
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 60L * 1024 * 1024);
        ChunkSet committed;
        await using (Service service = await Service.StartAsync(folder["data"]))
        {
            ChunkStreamClient client = service.Client(transport);
            using var cutOff = new CancellationTokenSource();
            var progress = new Callback<TransferProgress>(at => { if (at.CommittedBytes > at.TotalBytes / 4) cutOff.Cancel(); });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => client.SendAsync(source, new() { ChunkBytes = ChunkBytes, ChunkSent = Slowly }, progress, cutOff.Token));
        }

        await using Service again = await Service.StartAsync(folder["data"]);
        ChunkStreamClient resumed = again.Client(transport);
        Transfer transfer = (await resumed.Control.ListTransfersAsync(new(), default)).Items.Single();
        Session session = await resumed.Control.GetSessionAsync(transfer.Id, default);
        committed = ChunkSet.FromBounds(session.Committed);
        Assert.InRange(committed.Count, 1, session.TotalChunks - 1);
        long sentAgain = 0;
        SendResult sent = await resumed.SendAsync(
            source, new() { ChunkBytes = ChunkBytes, ChunkSent = index => { if (committed.Contains(index)) Interlocked.Increment(ref sentAgain); } });

        Assert.Equal(transfer.Id, sent.TransferId);
        Assert.Equal(0, sentAgain);
        Assert.Equal(committed.Count, sent.ChunksResumed);
        Assert.Equal(session.TotalChunks, sent.ChunksResumed + sent.ChunksSent - sent.ChunksResent);
        await resumed.ReceiveAsync(sent.FileId, folder["back"]);
        Files.AssertIdentical(source, folder["back"]);
    }

    [Fact]
    public async Task A_receive_that_was_cut_off_goes_on_from_what_is_on_disk()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 300L * 1024 * 1024);
        await using Service service = await Service.StartAsync(folder["data"]);
        ChunkStreamClient client = service.Client();
        SendResult sent = await client.SendAsync(source);
        using var cutOff = new CancellationTokenSource();
        var progress = new Callback<TransferProgress>(at => { if (at.TotalBytes > 0 && at.AcceptedBytes > at.TotalBytes / 3) cutOff.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReceiveAsync(sent.FileId, folder["back"], null, progress, cutOff.Token));
        Assert.True(File.Exists(folder["back.part"]));

        ReceiveResult received = await client.ReceiveAsync(sent.FileId, folder["back"]);

        Assert.True(received.ChunksResumed > 0, "Nothing was taken from disk.");
        Files.AssertIdentical(source, folder["back"]);
    }

    [Fact]
    public async Task A_pause_stops_the_sender_and_a_resume_from_another_client_goes_on()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 60L * 1024 * 1024);
        await using Service service = await Service.StartAsync(folder["data"]);
        ChunkStreamClient first = service.Client(), second = service.Client();
        var moving = new TaskCompletionSource();
        var progress = new Callback<TransferProgress>(at => { if (at.CommittedBytes > 0) moving.TrySetResult(); });
        Task<SendResult> sending = first.SendAsync(source, new() { ChunkBytes = ChunkBytes, ChunkSent = Slowly }, progress);
        await moving.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Transfer transfer = (await second.Control.ListTransfersAsync(new(), default)).Items.Single();

        await second.Control.PauseAsync(transfer.Id, default);
        ChunkStreamException paused = await Assert.ThrowsAsync<ChunkStreamException>(() => sending.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(FailureCode.Paused, paused.Code);
        Assert.Equal(TransferState.Paused, (await second.Control.GetTransferAsync(transfer.Id, default)).State);

        SendResult sent = await second.SendAsync(source, new() { ChunkBytes = ChunkBytes });
        Assert.Equal(transfer.Id, sent.TransferId);
        Assert.True(sent.ChunksResumed > 0, "Nothing was resumed.");
    }

    [Fact]
    public async Task A_cancel_ends_the_sender_and_frees_what_was_stored()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 60L * 1024 * 1024);
        await using Service service = await Service.StartAsync(folder["data"]);
        ChunkStreamClient client = service.Client();
        var moving = new TaskCompletionSource();
        var progress = new Callback<TransferProgress>(at => { if (at.CommittedBytes > 0) moving.TrySetResult(); });
        Task<SendResult> sending = client.SendAsync(source, new() { ChunkBytes = ChunkBytes, ChunkSent = Slowly }, progress);
        await moving.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Transfer transfer = (await client.Control.ListTransfersAsync(new(), default)).Items.Single();

        await client.Control.CancelAsync(transfer.Id, default);
        ChunkStreamException cancelled = await Assert.ThrowsAsync<ChunkStreamException>(() => sending.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains(cancelled.Code, (FailureCode[])[FailureCode.Cancelled, FailureCode.TransferNotOpen]);
        await Wait.UntilAsync(() => Task.FromResult(Files.Shards(folder["data"], transfer.FileId, "data").Length == 0), "the cancelled file's shards are gone");
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_sent_fails_and_nothing_of_it_is_kept()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 60L * 1024 * 1024);
        await using Service service = await Service.StartAsync(folder["data"]);
        ChunkStreamClient client = service.Client();
        int sent = 0;
        ChunkStreamException changed = await Assert.ThrowsAsync<ChunkStreamException>(() => client.SendAsync(source, new()
        {
            ChunkBytes = ChunkBytes,
            ChunkSent = _ =>
            {
                if (Interlocked.Increment(ref sent) != 50) return;
                using var file = new FileStream(source, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.Position = file.Length - 10;
                file.WriteByte(0);
            },
        }));
        Assert.Equal(FailureCode.FileChanged, changed.Code);
        Transfer transfer = (await client.Control.ListTransfersAsync(new(), default)).Items.Single();
        Assert.Equal(TransferState.Failed, transfer.State);
        Assert.Equal("file-changed", transfer.FailureCode);
        Assert.Empty((await client.Control.ListFilesAsync(new(), default)).Items);
        await Wait.UntilAsync(() => Task.FromResult(Files.Shards(folder["data"], transfer.FileId, "data").Length == 0), "the failed file's shards are gone");
    }

    // Loopback is too fast to be cut off in the middle: each chunk takes its time.
    private static void Slowly(ChunkIndex index) => Thread.SpinWait(200_000);
}
