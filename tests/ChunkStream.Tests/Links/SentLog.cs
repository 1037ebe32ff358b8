using System.Collections.Concurrent;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Core.Layout;
using ChunkStream.Tests.Gateway;

namespace ChunkStream.Tests.Links;

/// <summary>When each chunk was sent, and when it was first seen committed in its session.</summary>
internal sealed class SentLog
{
    // A session is seen a little before its client hears of it.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<(ChunkIndex Index, TimeSpan At)> _sent = [];
    private readonly Dictionary<ChunkIndex, TimeSpan> _committed = [];

    public int Count => _sent.Count;

    /// <summary>Whether a commit was seen.</summary>
    public bool HasCommitted { get; private set; }

    public void Sent(ChunkIndex index) => _sent.Enqueue((index, DelayLine.Now));

    /// <summary>Looks at the session until the transfer has ended.</summary>
    public async Task WatchAsync(GatewayService service, Func<Guid?> sessionId, Task transfer)
    {
        while (!transfer.IsCompleted)
        {
            if (sessionId() is { } id && (await service.Session(id).GetAsync()).Value is { } session)
                foreach (ChunkIndex index in Layouts.Members(session.Committed)) _committed.TryAdd(index, DelayLine.Now);
            HasCommitted |= _committed.Count > 0;
            await Task.WhenAny(transfer, Task.Delay(20));
        }
    }

    /// <summary>Chunks that were sent though they had been committed.</summary>
    public ChunkIndex[] SentThoughCommitted() =>
        [.. _sent.Where(sent => _committed.TryGetValue(sent.Index, out TimeSpan at) && sent.At > at + Tolerance).Select(sent => sent.Index)];

    /// <summary>Chunks that were sent a second time though their stripe had as many committed as it needs.</summary>
    public ChunkIndex[] SentAgainThoughComplete(int dataShards)
    {
        HashSet<ChunkIndex> seen = [];
        return [.. _sent.Where(sent => !seen.Add(sent.Index)
            && _committed.Count(pair => pair.Key.Stripe == sent.Index.Stripe && sent.At > pair.Value + Tolerance) >= dataShards).Select(sent => sent.Index)];
    }
}
