using ChunkStream.Core.Layout;
using ChunkStream.Tests.Core.Layout;

namespace ChunkStream.Tests.Protocol.Sending;

/// <summary>What a ledger is said to know, kept chunk by chunk and computed anew each time.</summary>
internal sealed class NaiveLedger
{
    private readonly FileLayout _layout;
    private readonly HashSet<ChunkIndex> _sent = [];
    private readonly HashSet<ChunkIndex> _accepted = [];
    private readonly HashSet<ChunkIndex> _committed;
    private readonly HashSet<ChunkIndex> _givenUp = [];
    private Guid _incarnation;

    public NaiveLedger(FileLayout layout, IEnumerable<ChunkIndex> committed)
    {
        _layout = layout;
        _committed = [.. committed];
        _sent.UnionWith(_committed);
        Note();
    }

    public int NextStripe { get; private set; }

    public long AcceptedBytes { get; private set; }

    public long CommittedBytes => Bytes(_committed.Except(_givenUp));

    public long SentBytes => Math.Max(Bytes(_sent), AcceptedBytes);

    public bool IsSettled => NextStripe == _layout.StripeCount && Open().Length == 0;

    public int OpenStripes => Open().DistinctBy(index => index.Stripe).Count();

    public bool IsOpen(int stripe) => Open().Any(index => index.Stripe == stripe);

    public bool IsWanted(ChunkIndex index) => Open().Contains(index) && !_accepted.Contains(index);

    public ChunkIndex[] Begin()
    {
        int stripe = NextStripe++;
        return [.. Open().Where(index => index.Stripe == stripe)];
    }

    public void Sent(ChunkIndex index)
    {
        if (IsOpen(index.Stripe)) _sent.Add(index);
    }

    public bool Accept(ChunkIndex index, Guid incarnation)
    {
        if (incarnation == _incarnation && Open().Contains(index)) _accepted.Add(index);
        Note();
        return NextStripe == _layout.StripeCount && Open().All(_accepted.Contains);
    }

    public void GiveUp(ChunkIndex index)
    {
        if (Open().Contains(index)) _givenUp.Add(index);
    }

    public void Commit(IEnumerable<ChunkIndex> chunks)
    {
        foreach (ChunkIndex index in chunks)
        {
            // What was sent by others counts as sent.
            if (_committed.Add(index) && index.Stripe >= NextStripe) _sent.Add(index);
        }
        Note();
    }

    public ChunkIndex[] Welcome(Guid incarnation)
    {
        Note();
        if (incarnation == _incarnation) return [];
        _incarnation = incarnation;
        ChunkIndex[] again = [.. Open().Where(_accepted.Contains)];
        _accepted.Clear();
        return again;
    }

    // Begun, and neither committed nor given up on; in ascending order.
    private ChunkIndex[] Open() =>
        [.. Layouts.ChunksOf(_layout).Where(index => index.Stripe < NextStripe && !_committed.Contains(index) && !_givenUp.Contains(index))];

    // Accepted is said to grow only: a life that ends takes nothing from it.
    private void Note() => AcceptedBytes = Math.Max(AcceptedBytes, CommittedBytes + Bytes(Open().Where(_accepted.Contains)));

    private long Bytes(IEnumerable<ChunkIndex> chunks) => chunks.Where(index => !_layout.IsParity(index)).Sum(index => (long)_layout.LengthOf(index));
}
