using ChunkStream.Core.Layout;

namespace ChunkStream.Protocol.Sending;

/// <summary>
/// What a sender knows of every chunk between its cutting and its commit, and the decisions that follow: what is still to be sent,
/// what has to be sent again when a gateway has lost it, and when nothing is left. Does no I/O and has no clock. Thread-safe.
/// <para>
/// A stripe is open from <see cref="Begin"/> until each of its chunks is committed or given up on; what is known of a closed stripe is
/// forgotten, so memory grows with the stripes in flight and not with the file.
/// </para>
/// </summary>
public sealed class SendLedger
{
    private readonly Lock _lock = new();
    private readonly FileLayout _layout;
    private readonly ChunkSet _before;
    private readonly Dictionary<int, OpenStripe> _open = [];
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _closedOne = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Guid _incarnation;
    private int _nextStripe;
    private long _sentBytes, _acceptedBytes, _committedBytes, _acceptedMax;

    /// <param name="layout">The file's layout.</param>
    /// <param name="committed">Chunks that were committed before: they are never sent.</param>
    public SendLedger(FileLayout layout, ChunkSet committed)
    {
        _layout = layout;
        _before = committed.Clone();
        CommittedBefore = committed.Count;
        _committedBytes = _sentBytes = _acceptedMax = DataBytesIn(committed);
        if (layout.IsEmpty) _settled.SetResult();
    }

    /// <summary>Chunks that were committed without this sender: before it began, or by another client of the same transfer.</summary>
    public long CommittedBefore { get; private set; }

    /// <summary>Completes when every chunk of the file is committed or given up on.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Stripes that are open now.</summary>
    public int OpenStripes
    {
        get
        {
            lock (_lock) return _open.Count;
        }
    }

    /// <summary>Completes when fewer than <paramref name="limit"/> stripes are open: the bound on what is accepted and not committed.</summary>
    public async ValueTask WaitForRoomAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task closedOne;
            lock (_lock)
            {
                if (_open.Count < limit) return;
                closedOne = _closedOne.Task;
            }
            await closedOne.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens the next stripe and answers which of its chunks are to be sent: none, where all are committed.</summary>
    public ShardSet Begin(int stripe)
    {
        lock (_lock)
        {
            if (stripe != _nextStripe) throw new InvalidOperationException($"Stripe {stripe} begins after stripe {_nextStripe - 1}.");
            _nextStripe++;
            ShardSet before = _before.ShardsOf(stripe);
            ShardSet wanted = _layout.ShardsOf(stripe).Without(before);
            if (!wanted.IsEmpty) _open.Add(stripe, new() { Wanted = wanted, Sent = before });
            SettleIfDone();
            return wanted;
        }
    }

    /// <summary>A chunk was handed to a lane.</summary>
    public void Sent(ChunkIndex index)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(index.Stripe, out OpenStripe? stripe) || stripe.Sent.Contains(index.Shard)) return;
            stripe.Sent = stripe.Sent.With(index.Shard);
            _sentBytes += DataBytes(index);
        }
    }

    /// <summary>
    /// The gateway has verified and written a chunk. True where nothing of the file is left to be accepted: the sender may ask for a
    /// commit.
    /// </summary>
    /// <param name="index">The chunk.</param>
    /// <param name="incarnation">The life of the gateway's file that accepted it. What a former life accepted is worth nothing.</param>
    public bool Accept(ChunkIndex index, Guid incarnation)
    {
        lock (_lock)
        {
            if (incarnation == _incarnation && _open.TryGetValue(index.Stripe, out OpenStripe? stripe)
                && stripe.Wanted.Contains(index.Shard) && !stripe.Accepted.Contains(index.Shard))
            {
                stripe.Accepted = stripe.Accepted.With(index.Shard);
                _acceptedBytes += DataBytes(index);
            }
            return _nextStripe == _layout.StripeCount && _open.Values.All(open => open.Wanted.Without(open.Accepted).IsEmpty);
        }
    }

    /// <summary>A chunk is given up on: the stripe's others have to do.</summary>
    public void GiveUp(ChunkIndex index)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(index.Stripe, out OpenStripe? stripe)) return;
            GiveUpLocked(index, stripe);
        }
    }

    /// <summary>A chunk didn't cross, as where its path died: from now on the stripe's others may do.</summary>
    public void MayDoWithout(ChunkIndex index)
    {
        lock (_lock)
            if (_open.TryGetValue(index.Stripe, out OpenStripe? stripe)) stripe.Spare = stripe.Spare.With(index.Shard);
    }

    /// <summary>
    /// Gives up on a chunk that may be done without where any k others of its stripe are with the gateway, which rebuilds it at rest for
    /// less than it costs to send it again. False where it is to be sent.
    /// </summary>
    public bool TryDoWithout(ChunkIndex index)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(index.Stripe, out OpenStripe? stripe) || !stripe.Spare.And(stripe.Wanted).Without(stripe.Accepted).Contains(index.Shard)) return false;
            if (!HasEnough(index.Stripe, stripe)) return false;
            GiveUpLocked(index, stripe);
            return true;
        }
    }

    /// <summary>A parity chunk isn't sent unless another of its stripe is late.</summary>
    public void Withhold(ChunkIndex index)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(index.Stripe, out OpenStripe? stripe)) return;
            stripe.Withheld = stripe.Withheld.With(index.Shard);
            GiveUpLocked(index, stripe);
        }
    }

    /// <summary>
    /// A chunk is late on its path, and another path is free: what is to be done about it, once for each chunk. A parity chunk that was
    /// withheld crosses in its place; where none is left, the chunk itself once more.
    /// </summary>
    /// <param name="index">The late chunk.</param>
    /// <param name="send">For <see cref="LateChunk.Send"/>: which.</param>
    public LateChunk Late(ChunkIndex index, out ChunkIndex send)
    {
        send = index;
        lock (_lock)
        {
            if (!_open.TryGetValue(index.Stripe, out OpenStripe? stripe) || !stripe.Wanted.Without(stripe.Accepted).Contains(index.Shard)) return LateChunk.Wait;
            stripe.Spare = stripe.Spare.With(index.Shard);
            if (TryDoWithout(index)) return LateChunk.DoWithout;
            if (stripe.Hedged.Contains(index.Shard)) return LateChunk.Wait;
            stripe.Hedged = stripe.Hedged.With(index.Shard);
            if (!stripe.Withheld.IsEmpty)
            {
                send = new(index.Stripe, stripe.Withheld.Next(0));
                stripe.Withheld = stripe.Withheld.Without(send.Shard);
                stripe.GivenUp = stripe.GivenUp.Without(send.Shard);
                stripe.Wanted = stripe.Wanted.With(send.Shard);
            }
            return LateChunk.Send;
        }
    }

    /// <summary>
    /// A chunk has failed for good. Gives up on it where any k others of its stripe are with the gateway or still to be sent; false, and
    /// nothing changed, where the stripe can't do without it.
    /// </summary>
    public bool TryFail(ChunkIndex index)
    {
        lock (_lock)
        {
            // Committed meanwhile, as over another lane.
            if (!_open.TryGetValue(index.Stripe, out OpenStripe? stripe) || !stripe.Wanted.Contains(index.Shard)) return true;
            ShardSet others = _layout.ShardsOf(index.Stripe).Without(stripe.GivenUp).Without(ShardSet.Empty.With(index.Shard));
            if (others.Count < _layout.DataChunksOf(index.Stripe)) return false;
            GiveUpLocked(index, stripe);
            return true;
        }
    }

    /// <summary>These chunks are durable and recorded.</summary>
    public void Commit(ChunkSet chunks)
    {
        lock (_lock)
        {
            CommitOpen(chunks);
            CommitAhead(chunks);
            SettleIfDone();
        }
    }

    /// <summary>
    /// A lane was welcomed by this life of the gateway's file. Answers the chunks that a former life had accepted: they may be lost,
    /// and are to be sent again unless a commit is told of first.
    /// </summary>
    public IReadOnlyList<ChunkIndex> Welcome(Guid incarnation)
    {
        lock (_lock)
        {
            if (incarnation == _incarnation) return [];
            _incarnation = incarnation;
            var again = new List<ChunkIndex>();
            foreach (var (number, stripe) in _open)
            {
                foreach (int shard in stripe.Accepted) again.Add(new(number, shard));
                stripe.Accepted = ShardSet.Empty;
            }
            _acceptedMax = Math.Max(_acceptedMax, _committedBytes + _acceptedBytes);
            _acceptedBytes = 0;
            again.Sort();
            return again;
        }
    }

    /// <summary>Whether anything of this stripe is neither committed nor given up on.</summary>
    public bool IsOpen(int stripe)
    {
        lock (_lock) return _open.ContainsKey(stripe);
    }

    /// <summary>Whether the gateway has any k chunks of this stripe.</summary>
    public bool HasEnough(int stripe)
    {
        lock (_lock) return stripe < _nextStripe && (!_open.TryGetValue(stripe, out OpenStripe? open) || HasEnough(stripe, open));
    }

    /// <summary>Whether this chunk is still to be accepted by the gateway.</summary>
    public bool IsWanted(ChunkIndex index)
    {
        lock (_lock)
            return _open.TryGetValue(index.Stripe, out OpenStripe? stripe) && stripe.Wanted.Without(stripe.Accepted).Contains(index.Shard);
    }

    /// <summary>The file's own bytes that were sent, accepted and committed. Each only grows.</summary>
    public (long SentBytes, long AcceptedBytes, long CommittedBytes) Progress
    {
        get
        {
            lock (_lock)
            {
                _acceptedMax = Math.Max(_acceptedMax, _committedBytes + _acceptedBytes);
                return (Math.Max(_sentBytes, _acceptedMax), _acceptedMax, _committedBytes);
            }
        }
    }

    private bool HasEnough(int number, OpenStripe stripe) =>
        _layout.ShardsOf(number).Without(stripe.Wanted).Without(stripe.GivenUp).Or(stripe.Accepted).Count >= _layout.DataChunksOf(number);

    private void GiveUpLocked(ChunkIndex index, OpenStripe stripe)
    {
        if (stripe.Accepted.Contains(index.Shard)) _acceptedBytes -= DataBytes(index);
        stripe.GivenUp = stripe.GivenUp.Or(stripe.Wanted.And(ShardSet.Empty.With(index.Shard)));
        Close(index.Stripe, stripe, ShardSet.Empty.With(index.Shard));
        SettleIfDone();
    }

    private void CommitOpen(ChunkSet chunks)
    {
        foreach (var (number, stripe) in _open.ToArray())
        {
            ShardSet committed = chunks.ShardsOf(number).And(stripe.Wanted);
            foreach (int shard in committed)
            {
                long bytes = DataBytes(new(number, shard));
                _committedBytes += bytes;
                if (stripe.Accepted.Contains(shard)) _acceptedBytes -= bytes;
            }
            Close(number, stripe, committed);
        }
    }

    // Another client of this transfer has sent what we haven't come to. The gateway tells of it once: unremembered, we would send
    // those chunks and wait for a commit that is never told.
    private void CommitAhead(ChunkSet chunks)
    {
        long bytes = DataBytesIn(_before);
        long added = 0;
        for (int shard = 0; shard < _layout.ShardCount; shard++)
            foreach (var (start, end) in chunks[shard].Intervals())
                if (end > _nextStripe) added += _before[shard].Add(Math.Max(start, _nextStripe), end);
        if (added == 0) return;
        bytes = DataBytesIn(_before) - bytes;
        CommittedBefore += added;
        _sentBytes += bytes;
        _committedBytes += bytes;
    }

    private void Close(int number, OpenStripe stripe, ShardSet shards)
    {
        stripe.Wanted = stripe.Wanted.Without(shards);
        stripe.Accepted = stripe.Accepted.Without(shards);
        if (!stripe.Wanted.IsEmpty) return;
        _open.Remove(number);
        _closedOne.SetResult();
        _closedOne = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void SettleIfDone()
    {
        if (_nextStripe == _layout.StripeCount && _open.Count == 0) _settled.TrySetResult();
    }

    private long DataBytes(ChunkIndex index) => _layout.IsParity(index) ? 0 : _layout.LengthOf(index);

    private long DataBytesIn(ChunkSet chunks)
    {
        long bytes = 0;
        for (int shard = 0; shard < _layout.DataShards; shard++)
        {
            bytes += chunks[shard].Count * _layout.ChunkBytes;
            ChunkIndex last = new(_layout.StripeCount - 1, shard);
            if (chunks.Contains(last)) bytes -= _layout.ChunkBytes - _layout.LengthOf(last);
        }
        return bytes;
    }

    private sealed class OpenStripe
    {
        /// <summary>Neither committed nor given up on.</summary>
        public ShardSet Wanted { get; set; }

        public ShardSet Sent { get; set; }

        /// <summary>Didn't cross, and needs to only while too few others are there.</summary>
        public ShardSet Spare { get; set; }

        /// <summary>Of those given up, parity that would be sent in place of a late chunk.</summary>
        public ShardSet Withheld { get; set; }

        /// <summary>Late, and another was sent in its place.</summary>
        public ShardSet Hedged { get; set; }

        /// <summary>Not sent any more, though the gateway hasn't got them.</summary>
        public ShardSet GivenUp { get; set; }

        /// <summary>Of those, accepted by the gateway's present life.</summary>
        public ShardSet Accepted { get; set; }
    }
}
