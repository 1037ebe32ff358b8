using ChunkStream.Core.Scheduling;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Scheduling;

public sealed class ChunkQueueTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void ALevelKeepsItsOrder() => Gen.Int[0, 2].Array[1, 300].Sample(priorities =>
    {
        var queue = new ChunkQueue<int>(priorities.Length, _time);
        for (int i = 0; i < priorities.Length; i++) Assert.True(queue.TryEnqueue(i, (Priority)priorities[i], 1000 + i));
        List<QueuedItem<int>> order = DequeueAll(queue);
        Assert.Equal(priorities.Length, order.Count);
        foreach (IGrouping<Priority, QueuedItem<int>> level in order.GroupBy(entry => entry.Priority))
            Assert.Equal(Enumerable.Range(0, priorities.Length).Where(i => priorities[i] == (int)level.Key), level.Select(entry => entry.Item));
    });

    [Fact]
    public void BytesAreSharedFiftyThirtyTwenty()
    {
        var queue = new ChunkQueue<int>(3000, _time);
        for (int i = 0; i < 3000; i++) queue.TryEnqueue(i, (Priority)(i % 3), i % 3 == 0 ? 256 * 1024 : i % 3 == 1 ? 1024 * 1024 : 64 * 1024);
        long[] bytes = new long[3];
        while (bytes.Sum() < 100 << 20)
        {
            Assert.True(queue.TryDequeue(out QueuedItem<int> entry));
            bytes[(int)entry.Priority] += entry.CostBytes;
        }
        Assert.InRange(bytes[0], 48 << 20, 52 << 20);
        Assert.InRange(bytes[1], 28 << 20, 32 << 20);
        Assert.InRange(bytes[2], 18 << 20, 22 << 20);
    }

    [Fact]
    public void WhatAnIdleLevelLeavesGoesToTheOthers()
    {
        var queue = new ChunkQueue<int>(2000, _time);
        for (int i = 0; i < 2000; i++) queue.TryEnqueue(i, i % 2 == 0 ? Priority.Normal : Priority.Low, 64 * 1024);
        int normal = Enumerable.Range(0, 1000).Count(_ => queue.TryDequeue(out QueuedItem<int> entry) && entry.Priority == Priority.Normal);
        Assert.InRange(normal, 590, 610);
    }

    [Fact]
    public void AFullQueueSaysSo()
    {
        var queue = new ChunkQueue<string>(2, _time);
        Assert.True(queue.TryEnqueue("a", Priority.Low, 1));
        Assert.True(queue.TryEnqueue("b", Priority.High, 1));
        Assert.False(queue.TryEnqueue("c", Priority.High, 1));
        Assert.Equal((2, 1L, 1.0), (queue.Count, queue.GetStatistics().Rejected, queue.GetStatistics().Utilisation));

        Assert.True(queue.TryDequeue(out QueuedItem<string> taken));
        Assert.True(queue.TryEnqueue("c", Priority.High, 1));
        queue.Requeue(taken, TimeSpan.Zero);
        Assert.Equal((3, 1.5), (queue.Count, queue.GetStatistics().Utilisation));
    }

    [Fact]
    public void PeekShowsWhatDequeueTakes() => Gen.Select(Gen.Int[0, 2], Gen.Int[1, 2_000_000]).Array[1, 100].Sample(items =>
    {
        var queue = new ChunkQueue<int>(items.Length, _time);
        for (int i = 0; i < items.Length; i++)
        {
            queue.TryEnqueue(i, (Priority)items[i].Item1, items[i].Item2);
            if (i % 3 != 0) continue;
            Assert.True(queue.TryPeek(out QueuedItem<int> seen));
            Assert.True(queue.TryDequeue(out QueuedItem<int> taken));
            Assert.Equal((seen.Item, 1), (taken.Item, taken.Attempts));
        }
    });

    [Fact]
    public void AnEmptyQueueHasNothing()
    {
        var queue = new ChunkQueue<int>(5, _time);
        Assert.False(queue.TryDequeue(out _));
        Assert.False(queue.TryPeek(out _));
        Assert.Null(queue.NextReadyIn());
        Assert.Equal(0, queue.GetStatistics().ItemsPerSecond);
    }

    [Fact]
    public void ARequeuedItemComesBackAfterItsPauseInItsPlace()
    {
        var queue = new ChunkQueue<string>(10, _time);
        foreach (string item in (string[])["a", "b", "c", "d"]) queue.TryEnqueue(item, Priority.Normal, 10);
        Assert.True(queue.TryDequeue(out QueuedItem<string> a));
        Assert.True(queue.TryDequeue(out QueuedItem<string> b));
        queue.Requeue(b, TimeSpan.FromMilliseconds(100));
        queue.Requeue(a, TimeSpan.FromMilliseconds(200));
        Assert.Equal((TimeSpan.Zero, 2), (queue.NextReadyIn(), queue.GetStatistics().Delayed));

        Assert.Equal(["c"], Take(queue, 1));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["b", "d"], Take(queue, 5));
        Assert.Equal(TimeSpan.FromMilliseconds(100), queue.NextReadyIn());
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(queue.TryDequeue(out _));
        queue.TryEnqueue("e", Priority.Normal, 10);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(queue.TryDequeue(out QueuedItem<string> again));
        Assert.Equal(("a", 2, a.Sequence), (again.Item, again.Attempts, again.Sequence));
        Assert.Equal(["e"], Take(queue, 5));
    }

    [Fact]
    public void PriorityCanChangeAndOrderStays()
    {
        var queue = new ChunkQueue<int>(100, _time);
        for (int i = 0; i < 30; i++) queue.TryEnqueue(i, Priority.Low, 1000);
        queue.TryDequeue(out QueuedItem<int> zero);
        queue.Requeue(zero, TimeSpan.FromSeconds(1));
        Assert.Equal(15, queue.Reprioritize(i => i % 2 == 0, Priority.High));
        _time.Advance(TimeSpan.FromSeconds(1));
        List<QueuedItem<int>> all = DequeueAll(queue);
        Assert.Equal(Enumerable.Range(0, 15).Select(i => 2 * i), all.Where(entry => entry.Priority == Priority.High).Select(entry => entry.Item));
        Assert.Equal(
            Enumerable.Range(0, 15).Select(i => 2 * i + 1), all.Where(entry => entry.Priority == Priority.Low).Select(entry => entry.Item));
    }

    [Fact]
    public void ItemsCanBeRemovedAndCleared()
    {
        var queue = new ChunkQueue<int>(100, _time);
        for (int i = 0; i < 40; i++) queue.TryEnqueue(i, (Priority)(i % 3), 1);
        queue.TryDequeue(out QueuedItem<int> zero);
        queue.Requeue(zero, TimeSpan.FromSeconds(1));
        Assert.Equal(20, queue.Remove(i => i % 2 == 0));
        Assert.Equal(20, queue.Count);
        Assert.All(DequeueAll(queue), entry => Assert.Equal(1, entry.Item % 2));

        for (int i = 0; i < 10; i++) queue.TryEnqueue(i, Priority.Low, 1);
        queue.Clear();
        Assert.Equal((0, 30L), (queue.Count, queue.GetStatistics().Removed));
        Assert.False(queue.TryDequeue(out _));
    }

    [Fact]
    public void StatisticsCountAndMeasure()
    {
        var queue = new ChunkQueue<int>(10, _time);
        queue.TryEnqueue(1, Priority.High, 100);
        queue.TryEnqueue(2, Priority.High, 300);
        queue.TryEnqueue(3, Priority.High, 500);
        _time.Advance(TimeSpan.FromSeconds(1));
        queue.TryDequeue(out QueuedItem<int> first);
        _time.Advance(TimeSpan.FromSeconds(3));
        queue.TryDequeue(out _);
        queue.Requeue(first, TimeSpan.FromSeconds(5));
        ChunkQueueStatistics statistics = queue.GetStatistics();
        Assert.Equal(
            (3L, 2L, 400L, 1L, 2, 1, 0.2),
            (statistics.Enqueued, statistics.Processed, statistics.ProcessedBytes, statistics.Requeued, statistics.Pending, statistics.Delayed,
                statistics.Utilisation));
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(4)), (statistics.AverageWait, statistics.MaxWait));
        Assert.Equal((0.5, 100.0), (statistics.ItemsPerSecond, statistics.BytesPerSecond));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0.2, queue.GetStatistics().ItemsPerSecond, tolerance: 0.02);
        queue.TryDequeue(out _);
        queue.TryDequeue(out QueuedItem<int> back);
        Assert.True(back.Attempts == 2 || back.Item == 3);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, queue.GetStatistics().ItemsPerSecond);
    }

    [Fact]
    public async Task ManyThreadsLoseAndDoubleNothing()
    {
        var queue = new ChunkQueue<int>(1000, TimeProvider.System);
        const int Producers = 3, Each = 20_000;
        int[] seen = new int[Producers * Each];
        int left = seen.Length;
        IEnumerable<Task> producers = Enumerable.Range(0, Producers).Select(producer => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                while (!queue.TryEnqueue(producer * Each + i, (Priority)(i % 3), 1000)) Thread.Yield();
            }
        }));
        IEnumerable<Task> consumers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Volatile.Read(ref left) > 0)
            {
                if (!queue.TryDequeue(out QueuedItem<int> entry)) Thread.Yield();
                else if (entry.Attempts == 1 && entry.Item % 7 == 0) queue.Requeue(entry, TimeSpan.Zero);
                else
                {
                    Interlocked.Increment(ref seen[entry.Item]);
                    Interlocked.Decrement(ref left);
                }
            }
        }));
        await Task.WhenAll(producers.Concat(consumers)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    [Fact]
    public void NothingIsAllocatedOnceTheQueueHasGrown()
    {
        var queue = new ChunkQueue<object>(1000, TimeProvider.System);
        object item = new();
        for (int round = 0; round < 2; round++) Run();
        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            for (int i = 0; i < 1000; i++) queue.TryEnqueue(item, (Priority)(i % 3), 1000);
            for (int i = 0; i < 100; i++)
            {
                queue.TryDequeue(out QueuedItem<object> entry);
                queue.Requeue(entry, TimeSpan.Zero);
            }
            while (queue.TryDequeue(out _)) continue;
        }
    }

    [Fact]
    public void ValuesOutOfBoundsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkQueue<int>(0, _time));
        var queue = new ChunkQueue<int>(1, _time);
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.TryEnqueue(1, (Priority)3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.TryEnqueue(1, Priority.Low, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Reprioritize(_ => true, (Priority)(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Requeue(new(1, (Priority)9, 1, 1, 0, 0), TimeSpan.Zero));
    }

    private static List<QueuedItem<T>> DequeueAll<T>(ChunkQueue<T> queue)
    {
        List<QueuedItem<T>> all = [];
        while (queue.TryDequeue(out QueuedItem<T> entry)) all.Add(entry);
        return all;
    }

    private static List<string> Take(ChunkQueue<string> queue, int atMost)
    {
        List<string> taken = [];
        while (taken.Count < atMost && queue.TryDequeue(out QueuedItem<string> entry)) taken.Add(entry.Item);
        return taken;
    }
}
