using System.Diagnostics;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.EndToEnd;

/// <summary>Transfers that run beside one another, and how many bytes each of them gets across. Ended with the test.</summary>
internal sealed class RunningTransfers(TestFolder folder) : IAsyncDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly List<Running> _running = [];

    /// <summary>Sends zeros, more than there is time for.</summary>
    public void Send(ChunkStreamClient client, string name, TransferPriority priority)
    {
        string source = folder[name];
        using (FileStream file = File.Create(source)) file.SetLength(1L << 30);
        Start((progress, cancellationToken) => client.SendAsync(source, new() { ChunkBytes = ChunkBytes, Priority = priority }, progress, cancellationToken));
    }

    public void Receive(ChunkStreamClient client, Guid fileId, string name, TransferPriority priority) =>
        Start((progress, cancellationToken) => client.ReceiveAsync(fileId, folder[name], new() { Priority = priority }, progress, cancellationToken));

    /// <summary>Ends one of them, in the order in which they were started.</summary>
    public Task StopAsync(int index) => _running[index].StopAsync();

    /// <summary>Waits until every transfer that runs has got some way.</summary>
    public Task UnderWayAsync() => Wait.UntilAsync(
        () =>
        {
            foreach (Running transfer in _running) transfer.ThrowIfEnded();
            return Task.FromResult(_running.All(transfer => transfer.IsStopped || transfer.AcceptedBytes > 1 << 20));
        },
        "every transfer is under way");

    /// <summary>For so long: the share of the bytes that each transfer got, and how many those were a second.</summary>
    public async Task<(double[] Shares, double BytesPerSecond)> MeasureAsync(TimeSpan length)
    {
        long startedAt = Stopwatch.GetTimestamp();
        long[] before = [.. _running.Select(transfer => transfer.AcceptedBytes)];
        await Task.Delay(length);
        double[] got = [.. _running.Select((transfer, i) => (double)transfer.AcceptedBytes - before[i])];
        foreach (Running transfer in _running) transfer.ThrowIfEnded();
        return ([.. got.Select(bytes => bytes / got.Sum())], got.Sum() / Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Running transfer in _running)
        {
            await transfer.StopAsync();
            transfer.Dispose();
        }
    }

    private void Start(Func<IProgress<TransferProgress>, CancellationToken, Task> run) => _running.Add(new(run));

    private sealed class Running : IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _task;
        private long _acceptedBytes;

        public Running(Func<IProgress<TransferProgress>, CancellationToken, Task> run) =>
            _task = run(new Callback<TransferProgress>(at => Volatile.Write(ref _acceptedBytes, at.AcceptedBytes)), _stopping.Token);

        public long AcceptedBytes => Volatile.Read(ref _acceptedBytes);

        public bool IsStopped => _stopping.IsCancellationRequested;

        public void ThrowIfEnded()
        {
            if (_task.IsCompleted && !IsStopped) _task.GetAwaiter().GetResult();
        }

        public void Dispose() => _stopping.Dispose();

        public async Task StopAsync()
        {
            await _stopping.CancelAsync();
            await _task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
