using System.Collections;
using System.Numerics;

namespace ChunkStream.Core.Layout;

/// <summary>A set of shard numbers of one stripe, 0 to 255, as a value of 32 bytes. Immutable.</summary>
public readonly record struct ShardSet : IEnumerable<int>
{
    private readonly ulong _word0, _word1, _word2, _word3;

    private ShardSet(ulong word0, ulong word1, ulong word2, ulong word3) =>
        (_word0, _word1, _word2, _word3) = (word0, word1, word2, word3);

    public static ShardSet Empty => default;

    /// <summary>The shards 0 to <paramref name="count"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not 0 to 256.</exception>
    public static ShardSet FirstShards(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 256);
        return new(Low(count), Low(count - 64), Low(count - 128), Low(count - 192));

        static ulong Low(int bits) => bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;
    }

    /// <summary>The shards <paramref name="start"/> to <paramref name="end"/> - 1.</summary>
    public static ShardSet Range(int start, int end) => FirstShards(end).Without(FirstShards(start));

    public int Count =>
        BitOperations.PopCount(_word0) + BitOperations.PopCount(_word1) + BitOperations.PopCount(_word2) + BitOperations.PopCount(_word3);

    public bool IsEmpty => (_word0 | _word1 | _word2 | _word3) == 0;

    public bool Contains(int shard) => (uint)shard < 256 && (Word(shard >> 6) >> (shard & 63) & 1) != 0;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shard"/> is not 0 to 255.</exception>
    public ShardSet With(int shard) => Or(Single(shard));

    public ShardSet Without(int shard) => Without(Single(shard));

    public ShardSet Or(in ShardSet other) =>
        new(_word0 | other._word0, _word1 | other._word1, _word2 | other._word2, _word3 | other._word3);

    public ShardSet And(in ShardSet other) =>
        new(_word0 & other._word0, _word1 & other._word1, _word2 & other._word2, _word3 & other._word3);

    public ShardSet Without(in ShardSet other) =>
        new(_word0 & ~other._word0, _word1 & ~other._word1, _word2 & ~other._word2, _word3 & ~other._word3);

    /// <summary>The lowest shard that is <paramref name="from"/> or above, or -1 where there is none.</summary>
    public int Next(int from)
    {
        for (int word = from >> 6; word < 4; word++)
        {
            ulong bits = Word(word);
            if (word == from >> 6) bits &= ulong.MaxValue << (from & 63);
            if (bits != 0) return (word << 6) + BitOperations.TrailingZeroCount(bits);
        }
        return -1;
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<int> IEnumerable<int>.GetEnumerator()
    {
        foreach (int shard in this) yield return shard;
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<int>)this).GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", (IEnumerable<int>)this)}}}";

    private static ShardSet Single(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shard, 255);
        ulong bit = 1UL << (shard & 63);
        return (shard >> 6) switch
        {
            0 => new(bit, 0, 0, 0),
            1 => new(0, bit, 0, 0),
            2 => new(0, 0, bit, 0),
            _ => new(0, 0, 0, bit),
        };
    }

    private ulong Word(int index) => index switch { 0 => _word0, 1 => _word1, 2 => _word2, _ => _word3 };

    /// <summary>Walks the set in ascending order without allocating.</summary>
    public struct Enumerator
    {
        private readonly ShardSet _set;
        private int _current;

        internal Enumerator(ShardSet set) => (_set, _current) = (set, -1);

        public readonly int Current => _current;

        public bool MoveNext() => _current < 255 && (_current = _set.Next(_current + 1)) >= 0;
    }
}
