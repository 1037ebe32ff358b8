namespace ChunkStream.Core.Layout;

/// <summary>The address of a chunk in its file: which stripe, and which shard (column) of it.</summary>
/// <param name="Stripe">0-based stripe number.</param>
/// <param name="Shard">0-based position in the stripe: data chunks first, then parity.</param>
public readonly record struct ChunkIndex(int Stripe, int Shard) : IComparable<ChunkIndex>
{
    public int CompareTo(ChunkIndex other) =>
        Stripe != other.Stripe ? Stripe.CompareTo(other.Stripe) : Shard.CompareTo(other.Shard);

    public static bool operator <(ChunkIndex left, ChunkIndex right) => left.CompareTo(right) < 0;
    public static bool operator <=(ChunkIndex left, ChunkIndex right) => left.CompareTo(right) <= 0;
    public static bool operator >(ChunkIndex left, ChunkIndex right) => left.CompareTo(right) > 0;
    public static bool operator >=(ChunkIndex left, ChunkIndex right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"({Stripe}, {Shard})";
}
