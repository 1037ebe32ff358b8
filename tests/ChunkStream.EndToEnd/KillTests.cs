using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.EndToEnd;

/// <summary>The service killed with SIGKILL at seeded moments, started again on the same data, and the call goes on.</summary>
public sealed class KillTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int ChunkBytes = 64 * 1024;
    private const long SizeBytes = 96L * 1024 * 1024;

    public static TheoryData<TransportChoice, int> Cases()
    {
        var cases = new TheoryData<TransportChoice, int>();
        for (int seed = 1; seed <= 4; seed++) cases.Add(Lanes.Kinds[seed % Lanes.Kinds.Length], seed);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_send_survives_the_service_being_killed(TransportChoice transport, int seed)
    {
        using var folder = new TestFolder();
        string source = folder.File("source", SizeBytes, seed);
        using var service = new ServiceProcess(folder["data"], folder["state"]);
        await service.StartAsync();
        ChunkStreamClient client = service.Client(transport);

        Moments moments = new(seed, output);
        Task<SendResult> sending = client.SendAsync(source, new() { ChunkBytes = ChunkBytes, ChunkSent = _ => Thread.SpinWait(100_000) }, moments);
        for (int kill = 0; kill < 2; kill++)
        {
            await moments.NextAsync(sending);
            service.Kill();
            await service.StartAsync();
        }
        SendResult sent = await sending.WaitAsync(TimeSpan.FromMinutes(2));

        await client.ReceiveAsync(sent.FileId, folder["back"]);
        Files.AssertIdentical(source, folder["back"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_receive_survives_the_service_being_killed(TransportChoice transport, int seed)
    {
        using var folder = new TestFolder();
        string source = folder.File("source", SizeBytes, seed);
        using var service = new ServiceProcess(folder["data"], folder["state"]);
        await service.StartAsync();
        ChunkStreamClient client = service.Client(transport);
        SendResult sent = await client.SendAsync(source, new() { ChunkBytes = ChunkBytes });

        Moments moments = new(seed, output);
        Task<ReceiveResult> receiving = client.ReceiveAsync(sent.FileId, folder["back"], null, moments);
        await moments.NextAsync(receiving);
        service.Kill();
        await service.StartAsync();
        await receiving.WaitAsync(TimeSpan.FromMinutes(2));

        Files.AssertIdentical(source, folder["back"]);
    }

    [Fact]
    public async Task A_client_that_was_killed_resumes_when_it_is_run_again()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 4 * SizeBytes, 5);
        using var service = new ServiceProcess(folder["data"], folder["state"]);
        await service.StartAsync();

        IControlPlane control = service.Client().Control;
        using (CommandLine killed = CommandLine.Start(["send", source, "--chunk-size", "64KiB"], service.Environment))
        {
            await Wait.UntilAsync(
                async () => (await control.ListTransfersAsync(new(), default)).Items is [var transfer, ..]
                    && (await control.GetTransferAsync(transfer.Id, default)).CommittedBytes > 0,
                "the first chunks are committed");
            killed.Kill();
        }
        var (exitCode, json, errors) = await CommandLine.RunAsync(["send", source, "--chunk-size", "64KiB", "--json"], service.Environment);

        Assert.True(exitCode == 0, errors);
        Guid fileId = (await control.ListFilesAsync(new(), default)).Items.Single().Id;
        Assert.Contains(fileId.ToString(), json, StringComparison.Ordinal);
        Assert.Single((await control.ListTransfersAsync(new(), default)).Items);
        await service.Client().ReceiveAsync(fileId, folder["back"]);
        Files.AssertIdentical(source, folder["back"]);
    }

    /// <summary>Seeded moments of a transfer's way: shares of its bytes, in order.</summary>
    private sealed class Moments : IProgress<TransferProgress>
    {
        private readonly Queue<(double Share, TaskCompletionSource Reached)> _moments = new();
        private readonly Lock _lock = new();
        private readonly Queue<TaskCompletionSource> _waited = new();

        public Moments(int seed, Xunit.Abstractions.ITestOutputHelper output)
        {
            var random = new Random(seed);
            double[] shares = [.. new[] { random.NextDouble(), random.NextDouble() }.Order()];
            output.WriteLine($"Seed {seed}: killed at {shares[0]:P0} and {shares[1]:P0}.");
            foreach (double share in shares)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _moments.Enqueue((share, reached));
                _waited.Enqueue(reached);
            }
        }

        public void Report(TransferProgress value)
        {
            lock (_lock)
                while (_moments.TryPeek(out var next) && value.TotalBytes > 0 && value.AcceptedBytes >= next.Share * value.TotalBytes)
                    _moments.Dequeue().Reached.TrySetResult();
        }

        /// <summary>Waits for the next moment; a transfer that ends first has none left, which is a moment too.</summary>
        public Task<Task> NextAsync(Task transfer) => Task.WhenAny(_waited.Dequeue().Task, transfer).WaitAsync(TimeSpan.FromMinutes(1));
    }
}
