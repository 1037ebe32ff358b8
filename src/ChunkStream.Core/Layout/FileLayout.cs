namespace ChunkStream.Core.Layout;

/// <summary>
/// Step 1 of 8, cut. Says which bytes of a file are which chunk. To <see cref="Erasure.ReedSolomon"/>.
/// <para>
/// The file is consecutive data chunks of <see cref="ChunkBytes"/>; data chunk <c>g</c> is stripe <c>g / k</c>, shard <c>g % k</c>.
/// In the last stripe data chunks past the end of the file don't exist: they count as zeros and are never sent. Its parity chunks
/// are as long as its longest data chunk. A 1-byte file is one data chunk and <c>m</c> parity chunks of one byte; an empty file has
/// no stripes.
/// </para>
/// </summary>
public sealed record FileLayout
{
    public const int MinChunkBytes = 64 * 1024;
    public const int MaxChunkBytes = 1024 * 1024;
    public const int MaxDataShards = 128;
    public const int MaxShards = 255;

    /// <summary>The largest file: 16 TiB.</summary>
    public const long MaxSizeBytes = 16L << 40;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its bounds; the message names it, its value and what is allowed.</exception>
    public FileLayout(long sizeBytes, int chunkBytes, int dataShards, int parityShards)
    {
        if (Check(sizeBytes, chunkBytes, dataShards, parityShards) is { } problem)
            throw new ArgumentOutOfRangeException(problem.Name, problem.Value, problem.Allowed);
        SizeBytes = sizeBytes;
        ChunkBytes = chunkBytes;
        DataShards = dataShards;
        ParityShards = parityShards;
        DataChunkCount = (sizeBytes + chunkBytes - 1) / chunkBytes;
        StripeCount = checked((int)((DataChunkCount + dataShards - 1) / dataShards));
    }

    /// <summary>The file's length. 0 is an empty file, which has no stripes.</summary>
    public long SizeBytes { get; }

    /// <summary>The length of every data chunk but the last: a power of two, 64 KiB to 1 MiB.</summary>
    public int ChunkBytes { get; }

    /// <summary><c>k</c>: data chunks a stripe, 1 to 128.</summary>
    public int DataShards { get; }

    /// <summary><c>m</c>: parity chunks a stripe, 0 to 255 - k.</summary>
    public int ParityShards { get; }

    public int ShardCount => DataShards + ParityShards;
    public long DataChunkCount { get; }
    public int StripeCount { get; }

    /// <summary>Every chunk that exists, parity included.</summary>
    public long ChunkCount => DataChunkCount + (long)StripeCount * ParityShards;

    /// <summary>Bytes at rest, parity included.</summary>
    public long StoredBytes => SizeBytes + ParityBytes;

    private long ParityBytes =>
        StripeCount == 0 ? 0 : ((StripeCount - 1L) * ChunkBytes + ParityLength(StripeCount - 1)) * ParityShards;

    public bool IsEmpty => StripeCount == 0;

    /// <summary>True where the file is one data chunk, whose hash is therefore the root of the file's tree.</summary>
    public bool IsSingleChunk => DataChunkCount == 1;

    /// <summary>What is wrong with these values, or null where they make a layout.</summary>
    public static (string Name, object Value, string Allowed)? Check(long sizeBytes, int chunkBytes, int dataShards, int parityShards)
    {
        if (sizeBytes is < 0 or > MaxSizeBytes)
            return (nameof(sizeBytes), sizeBytes, $"A file is 0 to {MaxSizeBytes} bytes.");
        if (chunkBytes is < MinChunkBytes or > MaxChunkBytes || !int.IsPow2(chunkBytes))
            return (nameof(chunkBytes), chunkBytes, $"A chunk is a power of two, {MinChunkBytes} to {MaxChunkBytes} bytes.");
        if (dataShards is < 1 or > MaxDataShards)
            return (nameof(dataShards), dataShards, $"A stripe has 1 to {MaxDataShards} data chunks.");
        if (parityShards < 0 || parityShards > MaxShards - dataShards)
            return (nameof(parityShards), parityShards, $"A stripe has 0 to {MaxShards - dataShards} parity chunks beside {dataShards} data chunks.");
        return null;
    }

    /// <summary>How many data chunks the stripe really has: k, or fewer in the last one.</summary>
    public int DataChunksOf(int stripe)
    {
        CheckStripe(stripe);
        return (int)Math.Min(DataShards, DataChunkCount - (long)stripe * DataShards);
    }

    /// <summary>The shards that exist in a stripe: its data chunks and every parity chunk.</summary>
    public ShardSet ShardsOf(int stripe) =>
        ShardSet.FirstShards(DataChunksOf(stripe)).Or(ShardSet.Range(DataShards, ShardCount));

    /// <summary>Whether a chunk with this index exists.</summary>
    public bool Contains(ChunkIndex index) =>
        (uint)index.Stripe < (uint)StripeCount && (uint)index.Shard < (uint)ShardCount
        && (index.Shard >= DataShards || index.Shard < DataChunksOf(index.Stripe));

    public bool IsParity(ChunkIndex index) => index.Shard >= DataShards;

    /// <summary>The length of a chunk in bytes: data or parity.</summary>
    public int LengthOf(ChunkIndex index)
    {
        CheckIndex(index);
        return IsParity(index) ? ParityLength(index.Stripe) : (int)Math.Min(ChunkBytes, SizeBytes - OffsetOf(index));
    }

    /// <summary>The length of a stripe's parity chunks: that of its longest data chunk.</summary>
    public int ParityLength(int stripe)
    {
        CheckStripe(stripe);
        return (int)Math.Min(ChunkBytes, SizeBytes - (long)stripe * DataShards * ChunkBytes);
    }

    /// <summary>Where a data chunk starts in the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is a parity chunk's, or outside of the layout.</exception>
    public long OffsetOf(ChunkIndex index)
    {
        CheckIndex(index);
        if (IsParity(index)) throw new ArgumentOutOfRangeException(nameof(index), index, "A parity chunk has no offset in the file.");
        return ((long)index.Stripe * DataShards + index.Shard) * ChunkBytes;
    }

    /// <summary>Where a stripe starts in the file, and how many of the file's bytes it holds.</summary>
    public (long OffsetBytes, int LengthBytes) DataRangeOf(int stripe)
    {
        CheckStripe(stripe);
        long offset = (long)stripe * DataShards * ChunkBytes;
        return (offset, (int)Math.Min((long)DataShards * ChunkBytes, SizeBytes - offset));
    }

    /// <summary>The data chunk that holds a byte of the file.</summary>
    public ChunkIndex IndexAt(long offsetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offsetBytes, SizeBytes);
        long chunk = offsetBytes / ChunkBytes;
        return new((int)(chunk / DataShards), (int)(chunk % DataShards));
    }

    /// <summary>How many chunks a shard's column holds.</summary>
    public int ChunksInShard(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, ShardCount);
        return StripeCount == 0 ? 0 : StripeCount - (Contains(new(StripeCount - 1, shard)) ? 0 : 1);
    }

    /// <summary>The length of a shard's column: its chunks lie at <c>stripe × ChunkBytes</c>.</summary>
    public long ShardBytes(int shard)
    {
        int chunks = ChunksInShard(shard);
        return chunks == 0 ? 0 : (chunks - 1L) * ChunkBytes + LengthOf(new(chunks - 1, shard));
    }

    private void CheckStripe(int stripe)
    {
        if ((uint)stripe >= (uint)StripeCount)
            throw new ArgumentOutOfRangeException(nameof(stripe), stripe, $"The file has {StripeCount} stripes.");
    }

    private void CheckIndex(ChunkIndex index)
    {
        if (!Contains(index)) throw new ArgumentOutOfRangeException(nameof(index), index, $"No such chunk: the file has {StripeCount} stripes of {DataShards}+{ParityShards} chunks.");
    }
}
