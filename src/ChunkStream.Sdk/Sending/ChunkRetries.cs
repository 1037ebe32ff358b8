using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Sending;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Sending;

/// <summary>
/// What becomes of a chunk that a gateway refuses: it is sent again after a pause that doubles each time, five times in all
/// (<see cref="Backoff.ForChunk"/>). Then it has failed, and its stripe does without it where it can; else the call fails, and may go on
/// another time with what was committed. A lane that is lost isn't the chunk's failure, and counts nothing here. Thread-safe.
/// </summary>
internal sealed class ChunkRetries(SendLedger ledger, Action<IReadOnlyList<ChunkIndex>> sendAgain, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    // Of chunks that were refused at least once: an authenticated lane seldom carries any.
    private readonly Dictionary<ChunkIndex, int> _refusals = [];
    private readonly CancellationTokenSource _ended = new();

    /// <exception cref="LaneException">The chunk has failed, and its stripe can't do without it.</exception>
    public void Refused(ChunkIndex index, FailureCode code)
    {
        int refusals;
        lock (_lock) refusals = _refusals[index] = _refusals.GetValueOrDefault(index) + 1;
        if (Backoff.ForChunk.DelayAfter(refusals, Random.Shared.NextDouble()) is { } pause)
            _ = SendAgainAsync(index, pause);
        else if (!ledger.TryFail(index))
            throw new LaneException(code, $"The gateway refused chunk {index} {refusals} times ({code.ToName()}), and its stripe can't do without it.");
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task SendAgainAsync(ChunkIndex index, TimeSpan pause)
    {
        await Task.Delay(pause, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sendAgain([index]);
    }
}
