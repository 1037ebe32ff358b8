using ChunkStream.Core.Erasure;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

/// <summary>Whole files over random layouts: what any m losses of every stripe leave is the file again, to the last byte.</summary>
public sealed class FileRestoreTests
{
    private static readonly Gen<FileLayout> s_layouts =
        from dataShards in Gen.OneOf(Gen.Int[1, 12], Gen.Int[1, 40])
        from parityShards in Gen.Int[0, 6]
        from chunks in Gen.Int[0, 50]
        from rest in Gen.OneOf(Gen.Const(0), Gen.Const(1), Gen.Int[0, FileLayout.MinChunkBytes - 1])
        select new FileLayout((long)chunks * FileLayout.MinChunkBytes + rest, FileLayout.MinChunkBytes, dataShards, parityShards);

    [Fact]
    public void Any_losses_up_to_the_parity_leave_the_exact_bytes() => Gen.Select(s_layouts, Gen.Int).Sample(
        (layout, seed) =>
        {
            var random = new Random(seed);
            byte[] file = new byte[layout.SizeBytes];
            random.NextBytes(file);
            byte[] restored = new byte[layout.SizeBytes];
            ReedSolomon code = ReedSolomon.Create(layout.DataShards, layout.ParityShards);
            for (int stripe = 0; stripe < layout.StripeCount; stripe++) Restore(layout, stripe, code, file, restored, random);

            Assert.Equal(Blake3.Hash(file), Blake3.Hash(restored));
            Assert.True(file.AsSpan().SequenceEqual(restored));
        },
        iter: 60);

    private static void Restore(FileLayout layout, int stripe, ReedSolomon code, byte[] file, byte[] restored, Random random)
    {
        Memory<byte>[] shards = [.. Enumerable.Range(0, layout.ShardCount).Select(shard => new Memory<byte>(
            layout.Contains(new(stripe, shard)) ? new byte[layout.LengthOf(new(stripe, shard))] : []))];
        for (int shard = 0; shard < layout.DataChunksOf(stripe); shard++)
            file.AsSpan((int)layout.OffsetOf(new(stripe, shard)), shards[shard].Length).CopyTo(shards[shard].Span);
        ReadOnlyMemory<byte>[] data = [.. shards.Take(layout.DataShards)];
        code.Encode(data, shards.AsSpan(layout.DataShards));

        int[] existing = [.. layout.ShardsOf(stripe)];
        random.Shuffle(existing);
        ShardSet lost = ShardSet.Empty;
        foreach (int shard in existing.Take(random.Next(layout.ParityShards + 1)))
        {
            lost = lost.With(shard);
            shards[shard].Span.Fill(0xA5);
        }

        // Data chunks past the end of the file are known: they are zeros.
        ShardSet present = ShardSet.FirstShards(layout.ShardCount).Without(lost);
        Assert.Equal(ErasureOutcome.Ok, code.Reconstruct(shards, present, lost, layout.ParityLength(stripe)));
        for (int shard = 0; shard < layout.DataChunksOf(stripe); shard++)
            shards[shard].Span.CopyTo(restored.AsSpan((int)layout.OffsetOf(new(stripe, shard))));
    }
}
