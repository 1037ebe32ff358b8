using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Tests.Grains;

/// <summary>Requests, hashes and chunks that tests use.</summary>
internal static class TestFiles
{
    public const string Owner = "alice";
    public const int ChunkBytes = 64 * 1024;

    /// <summary>Two stripes of 4 + 2; the second has one data chunk, which is short.</summary>
    public const long SizeBytes = 4 * ChunkBytes + 100;

    public static FileLayout Layout { get; } = new(SizeBytes, ChunkBytes, 4, 2);

    public static Digest Hash(byte value)
    {
        byte[] bytes = new byte[Digest.SizeBytes];
        Array.Fill(bytes, value);
        return new(bytes);
    }

    public static TransferRequest Send(string name = "film.mov", string fingerprint = "", string owner = Owner) => new()
    {
        Owner = owner,
        Direction = TransferDirection.Send,
        Name = name,
        SizeBytes = SizeBytes,
        Fingerprint = fingerprint,
        ChunkBytes = ChunkBytes,
        DataShards = 4,
        ParityShards = 2,
    };

    public static TransferRequest Receive(Guid fileId, string owner = Owner) =>
        new() { Owner = owner, Direction = TransferDirection.Receive, Name = "", FileId = fileId };

    public static ChunkSet Chunks(params (int Stripe, int Shard)[] chunks)
    {
        ChunkSet set = new(Layout.ShardCount);
        foreach ((int stripe, int shard) in chunks) set.Add(new ChunkIndex(stripe, shard));
        return set;
    }

    /// <summary>Enough of the test file to put it together: the data chunks.</summary>
    public static ChunkSet DataChunks() => Chunks((0, 0), (0, 1), (0, 2), (0, 3), (1, 0));
}
