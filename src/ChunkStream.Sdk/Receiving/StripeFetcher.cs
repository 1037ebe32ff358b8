using System.Runtime.CompilerServices;
using ChunkStream.Core.Erasure;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Sdk.Receiving;

/// <summary>
/// The way back: asks the homes for any k chunks of each stripe over all paths, several stripes at once, verifies each chunk against
/// the manifest, rebuilds what is missing, and hands the stripes on in order. Memory is bounded by the window, whatever the file's size.
/// </summary>
internal sealed class StripeFetcher : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly FileLayout _layout;
    private readonly ManifestFile _manifest;
    private readonly ChunkDispatcher<FetchRequest> _dispatcher;
    private readonly ReedSolomon _coder;
    private readonly ChunkBufferPool _buffers;
    private readonly int _window;
    private readonly Dictionary<int, StripeInFlight> _stripes = [];
    private readonly TimeProvider _time;
    private long _received, _rebuilt;

    public StripeFetcher(FileLayout layout, ManifestFile manifest, ChunkDispatcher<FetchRequest> dispatcher, int windowMiB, TimeProvider time)
    {
        (_layout, _manifest, _dispatcher, _time) = (layout, manifest, dispatcher, time);
        _coder = ReedSolomon.Create(layout.DataShards, layout.ParityShards);
        // A stripe may need all of its k + m chunks in memory, so the window is counted in stripes: two at the least.
        long stripes = Math.Max(2, windowMiB * 1024L * 1024 / ((long)layout.ShardCount * layout.ChunkBytes));
        _window = (int)Math.Clamp(stripes, 2, Math.Max(2, layout.StripeCount));
        _buffers = new(layout.ChunkBytes, _window * layout.ShardCount);
    }

    /// <summary>Chunks that crossed and were good.</summary>
    public long ReceivedChunks => Volatile.Read(ref _received);

    /// <summary>Data chunks that were rebuilt here.</summary>
    public long RebuiltChunks => Volatile.Read(ref _rebuilt);

    /// <summary>Fetches these stripes' wanted data shards, in order.</summary>
    /// <exception cref="ChunkStreamException"><c>chunks-missing</c>: a stripe has too few good chunks left.</exception>
    public async IAsyncEnumerable<FetchedStripe> FetchAsync(
        IEnumerable<(int Stripe, ShardSet Wanted)> stripes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(_window, _window);
        var started = new Queue<StripeInFlight>();
        using IEnumerator<(int Stripe, ShardSet Wanted)> next = stripes.GetEnumerator();
        bool more = next.MoveNext();
        try
        {
            while (more || started.Count > 0)
            {
                while (more && room.Wait(0, CancellationToken.None))
                {
                    started.Enqueue(Start(next.Current.Stripe, next.Current.Wanted));
                    more = next.MoveNext();
                }
                // Every consumer holds one stripe at a time, so the window always has room for the one that it waits for.
                StripeInFlight stripe = started.Dequeue();
                bool complete = await WaitAsync(stripe, started.Count, cancellationToken).ConfigureAwait(false);
                lock (_lock) _stripes.Remove(stripe.Stripe);
                if (!complete)
                {
                    stripe.Release();
                    throw new ChunkStreamException(
                        FailureCode.ChunksMissing,
                        $"Stripe {stripe.Stripe} has {_layout.ShardsOf(stripe.Stripe).Count - stripe.Missing.Count} good chunks; {stripe.Needed} are needed.");
                }
                await RebuildAsync(stripe, cancellationToken).ConfigureAwait(false);
                yield return new FetchedStripe(stripe, () => room.Release());
            }
        }
        finally
        {
            _dispatcher.Clear();
        }
    }

    /// <summary>A buffer for a chunk that is about to come.</summary>
    public async ValueTask<ChunkBuffer> RentAsync(ChunkIndex index, CancellationToken cancellationToken) =>
        (await _buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, _layout.LengthOf(index));

    /// <summary>The length of a whole chunk.</summary>
    public int ChunkBytes => _layout.ChunkBytes;

    public int LengthOf(ChunkIndex index) => _layout.LengthOf(index);

    /// <summary>Whether the chunk is still of use: its stripe isn't whole yet. It may be, where late chunks came before those asked for in their place.</summary>
    public bool IsWanted(FetchRequest request)
    {
        lock (_lock) return _stripes.TryGetValue(request.Index.Stripe, out StripeInFlight? stripe) && !stripe.Done.Task.IsCompleted;
    }

    /// <summary>A chunk has come: verified against the manifest before anything else sees it.</summary>
    public void Arrived(ChunkBuffer chunk, FetchRequest request)
    {
        bool good = ChunkHash.Of(_layout, chunk.Index, chunk.Payload.Span) == request.Expected;
        if (good) Interlocked.Increment(ref _received);
        lock (_lock)
        {
            if (!_stripes.TryGetValue(chunk.Index.Stripe, out StripeInFlight? stripe))
            {
                chunk.Dispose();
                return;
            }
            if (good) stripe.Arrive(chunk);
            else
            {
                chunk.Dispose();
                stripe.Miss(chunk.Index.Shard);
            }
            Decide(stripe);
        }
    }

    /// <summary>The gateway can't serve this chunk.</summary>
    public void Missing(FetchRequest request)
    {
        lock (_lock)
        {
            if (!_stripes.TryGetValue(request.Index.Stripe, out StripeInFlight? stripe)) return;
            stripe.Miss(request.Index.Shard);
            Decide(stripe);
        }
    }

    public void Dispose() => _buffers.Dispose();

    // The stripe that is next is late where half of those behind it are there: a slow or dead path holds its chunks up.
    private async Task<bool> WaitAsync(StripeInFlight stripe, int behind, CancellationToken cancellationToken)
    {
        while (behind > 0 && !stripe.IsHedged && !stripe.Done.Task.IsCompleted)
        {
            await Task.WhenAny(stripe.Done.Task, Task.Delay(LookEvery, _time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
                if (!stripe.Done.Task.IsCompleted && _stripes.Values.Count(other => other.Done.Task.IsCompleted) >= (behind + 1) / 2) Hedge(stripe);
        }
        return await stripe.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Hedge(StripeInFlight stripe)
    {
        Put(stripe, stripe.Hedge(), urgent: true, isHedge: true);
        Decide(stripe);
    }

    private StripeInFlight Start(int number, ShardSet wanted)
    {
        var stripe = new StripeInFlight(_layout, number, wanted);
        lock (_lock)
        {
            _stripes.Add(number, stripe);
            Ask(stripe);
        }
        return stripe;
    }

    private void Decide(StripeInFlight stripe)
    {
        if (stripe.IsComplete) stripe.Done.TrySetResult(true);
        else if (stripe.IsLost) stripe.Done.TrySetResult(false);
        else Ask(stripe);
    }

    private void Ask(StripeInFlight stripe)
    {
        Put(stripe, stripe.Ask(), urgent: !stripe.Missing.IsEmpty);
    }

    private void Put(StripeInFlight stripe, ShardSet ask, bool urgent, bool isHedge = false)
    {
        if (ask.IsEmpty) return;
        Span<Digest> expected = stackalloc Digest[_layout.ShardCount];
        _manifest.ReadStripe(stripe.Stripe, expected);
        foreach (int shard in ask)
        {
            ChunkIndex index = new(stripe.Stripe, shard);
            _dispatcher.Put(new(index, expected[shard], isHedge), _layout.LengthOf(index), urgent);
        }
    }

    private async ValueTask RebuildAsync(StripeInFlight stripe, CancellationToken cancellationToken)
    {
        ShardSet lost = stripe.Wanted.Without(stripe.Arrived);
        if (lost.IsEmpty) return;
        ShardSet padding = ShardSet.FirstShards(_layout.DataShards).Without(_layout.ShardsOf(stripe.Stripe));
        foreach (int shard in lost) stripe.Place(await RentAsync(new(stripe.Stripe, shard), cancellationToken).ConfigureAwait(false));
        var shards = new Memory<byte>[_layout.ShardCount];
        for (int shard = 0; shard < shards.Length; shard++) shards[shard] = stripe[shard]?.Payload ?? default;
        ErasureOutcome outcome = _coder.Reconstruct(shards, stripe.Arrived.Or(padding), lost, _layout.ParityLength(stripe.Stripe));
        if (!outcome.IsOk) throw new InvalidOperationException($"Stripe {stripe.Stripe} could not be rebuilt: {outcome.Message}");
        Verify(stripe, lost);
        Interlocked.Add(ref _rebuilt, lost.Count);
    }

    // Rebuilt from verified chunks, and still nothing is handed on that the manifest doesn't confirm.
    private void Verify(StripeInFlight stripe, ShardSet rebuilt)
    {
        Span<Digest> expected = stackalloc Digest[_layout.ShardCount];
        _manifest.ReadStripe(stripe.Stripe, expected);
        foreach (int shard in rebuilt)
        {
            ChunkIndex index = new(stripe.Stripe, shard);
            if (ChunkHash.Of(_layout, index, stripe[shard]!.Payload.Span) != expected[shard])
                throw new ChunkStreamException(FailureCode.ChunkHashMismatch, $"Chunk {index} was rebuilt and isn't what the manifest says.");
        }
    }
}
