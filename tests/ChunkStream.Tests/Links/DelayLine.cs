using System.Diagnostics;

namespace ChunkStream.Tests.Links;

/// <summary>Holds packets until their time and then passes them on, the earliest first.</summary>
internal sealed class DelayLine(Func<byte[], CancellationToken, ValueTask> deliver)
{
    // A timer counts whole milliseconds, and would look once too early.
    private static readonly TimeSpan s_aBitLater = TimeSpan.FromMilliseconds(0.5);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<byte[], (TimeSpan At, long Number)> _packets = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _number;

    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public void Put(byte[] packet, TimeSpan at)
    {
        lock (_lock)
        {
            _packets.Enqueue(packet, (at, _number++));
            _changed.TrySetResult();
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            byte[]? due = null;
            TimeSpan wait = Timeout.InfiniteTimeSpan;
            Task changed;
            lock (_lock)
            {
                if (_changed.Task.IsCompleted) _changed = NewSignal();
                changed = _changed.Task;
                if (_packets.TryPeek(out _, out var next))
                {
                    wait = next.At - Now;
                    if (wait <= TimeSpan.Zero) due = _packets.Dequeue();
                }
            }
            if (due is not null) await deliver(due, cancellationToken);
            else await Task.WhenAny(changed, Task.Delay(wait == Timeout.InfiniteTimeSpan ? wait : wait + s_aBitLater, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
