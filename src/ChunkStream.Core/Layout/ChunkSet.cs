namespace ChunkStream.Core.Layout;

/// <summary>A set of chunks of one file: an <see cref="IntervalSet"/> of stripes for every shard. Not thread-safe.</summary>
public sealed class ChunkSet
{
    private readonly IntervalSet[] _shards;

    public ChunkSet(int shardCount)
    {
        _shards = new IntervalSet[shardCount];
        for (int shard = 0; shard < shardCount; shard++) _shards[shard] = new();
    }

    private ChunkSet(IntervalSet[] shards) => _shards = shards;

    public int ShardCount => _shards.Length;

    public long Count
    {
        get
        {
            long count = 0;
            foreach (IntervalSet shard in _shards) count += shard.Count;
            return count;
        }
    }

    /// <summary>The stripes of which this shard's chunk is in the set.</summary>
    public IntervalSet this[int shard] => _shards[shard];

    public bool Contains(ChunkIndex index) => (uint)index.Shard < (uint)_shards.Length && _shards[index.Shard].Contains(index.Stripe);

    /// <summary>Adds a chunk; false where it was there.</summary>
    public bool Add(ChunkIndex index) => _shards[index.Shard].Add(index.Stripe);

    /// <summary>Adds every chunk of another set of the same file and returns how many are new.</summary>
    public long Add(ChunkSet other)
    {
        long added = 0;
        for (int shard = 0; shard < _shards.Length; shard++) added += _shards[shard].Add(other._shards[shard]);
        return added;
    }

    /// <summary>The shards of one stripe that are in the set.</summary>
    public ShardSet ShardsOf(int stripe)
    {
        ShardSet shards = ShardSet.Empty;
        for (int shard = 0; shard < _shards.Length; shard++)
            if (_shards[shard].Contains(stripe)) shards = shards.With(shard);
        return shards;
    }

    /// <summary>
    /// The set as bytes: the number of shards, then for each its number of bounds and the distances between them, all as
    /// LEB128. In-order progress is a few bytes a shard. Where a bit for each chunk takes less, there are bits: an odd number is
    /// twice their bytes and one, for bounds come in pairs. So no order of arrival takes more than a bit a chunk, and little else.
    /// </summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write7BitEncodedInt(_shards.Length);
        foreach (IntervalSet shard in _shards)
        {
            int[] bounds = shard.ToBounds();
            int bitBytes = bounds.Length == 0 ? 0 : (int)((bounds[^1] + 7L) / 8);
            // A bound takes a byte or more.
            if (bounds.Length > bitBytes)
            {
                writer.Write7BitEncodedInt(2 * bitBytes + 1);
                writer.Write(ToBits(bounds, bitBytes));
                continue;
            }
            writer.Write7BitEncodedInt(bounds.Length);
            int previous = 0;
            foreach (int bound in bounds)
            {
                writer.Write7BitEncodedInt(bound - previous);
                previous = bound;
            }
        }
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The set that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a set.</exception>
    public static ChunkSet FromBytes(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
            int shardCount = reader.Read7BitEncodedInt();
            if (shardCount is < 0 or > FileLayout.MaxShards) throw new InvalidDataException($"A chunk set has 0 to {FileLayout.MaxShards} shards, not {shardCount}.");
            var shards = new IntervalSet[shardCount];
            for (int shard = 0; shard < shardCount; shard++) shards[shard] = IntervalSet.FromBounds(ReadBounds(reader, bytes.Length));
            return new(shards);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("The chunk set is damaged: " + exception.Message, exception);
        }
    }

    /// <summary>The set with these bounds for each shard, as <see cref="IntervalSet.FromBounds"/> takes them.</summary>
    public static ChunkSet FromBounds(IReadOnlyList<int[]> bounds) => new([.. bounds.Select(shard => IntervalSet.FromBounds(shard))]);

    /// <summary>The bounds of each shard's intervals.</summary>
    public IReadOnlyList<int[]> ToBounds() => [.. _shards.Select(shard => shard.ToBounds())];

    /// <summary>Whether every data chunk of the file is in the set.</summary>
    public bool HasAllData(FileLayout layout)
    {
        long count = 0;
        for (int shard = 0; shard < layout.DataShards; shard++) count += _shards[shard].Count;
        return count == layout.DataChunkCount;
    }

    /// <summary>The chunks of the file that aren't in this set.</summary>
    public ChunkSet Missing(FileLayout layout) => new([.. _shards.Select((shard, index) => shard.Missing(layout.ChunksInShard(index)))]);

    /// <summary>The chunks of this set that aren't in another one of the same file.</summary>
    public ChunkSet Without(ChunkSet other) => new([.. _shards.Select((shard, index) => shard.Without(other._shards[index]))]);

    public ChunkSet Clone() => new([.. _shards.Select(shard => shard.Clone())]);

    /// <summary>How many bytes the chunks in the set have together.</summary>
    public long BytesIn(FileLayout layout)
    {
        long bytes = 0;
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            bytes += _shards[shard].Count * layout.ChunkBytes;
            // Only the last stripe can have a chunk that is shorter.
            ChunkIndex last = new(layout.StripeCount - 1, shard);
            if (Contains(last)) bytes -= layout.ChunkBytes - layout.LengthOf(last);
        }
        return bytes;
    }

    private static byte[] ToBits(int[] bounds, int bitBytes)
    {
        byte[] bits = new byte[bitBytes];
        for (int i = 0; i < bounds.Length; i += 2)
            for (int number = bounds[i]; number < bounds[i + 1]; number++) bits[number >> 3] |= (byte)(1 << (number & 7));
        return bits;
    }

    private static int[] ReadBounds(BinaryReader reader, int totalBytes)
    {
        int count = reader.Read7BitEncodedInt();
        if (count < 0 || count / 2 > totalBytes) throw new InvalidDataException($"{count} bounds don't fit into {totalBytes} bytes.");
        if ((count & 1) == 1) return BoundsOf(reader.ReadBytes(count >> 1), count >> 1);
        int[] bounds = new int[count];
        int previous = 0;
        for (int i = 0; i < count; i++) bounds[i] = previous = checked(previous + reader.Read7BitEncodedInt());
        return bounds;
    }

    private static int[] BoundsOf(byte[] bits, int bitBytes)
    {
        if (bits.Length < bitBytes) throw new EndOfStreamException();
        List<int> bounds = [];
        bool inside = false;
        for (int number = 0; number <= 8 * bitBytes; number++)
        {
            bool isIn = number < 8 * bitBytes && (bits[number >> 3] >> (number & 7) & 1) == 1;
            if (isIn != inside) bounds.Add(number);
            inside = isIn;
        }
        return [.. bounds];
    }
}
