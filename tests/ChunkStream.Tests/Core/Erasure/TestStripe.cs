using ChunkStream.Core.Erasure;
using ChunkStream.Core.Layout;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

/// <summary>
/// A stripe of random data with its parity by the scalar reference. Each chunk lies at an odd place in its array, between guard bytes
/// that show a write beyond its ends.
/// </summary>
internal sealed class TestStripe
{
    private const byte Guard = 0xC3;
    private const int GuardBytes = 80;

    private readonly byte[][] _arrays;
    private readonly byte[][] _original;
    private readonly int[] _offsets;

    public TestStripe(int dataShards, int parityShards, int lengthBytes, int seed, Func<int, int>? dataLength = null)
    {
        var random = new Random(seed);
        LengthBytes = lengthBytes;
        int count = dataShards + parityShards;
        _arrays = new byte[count][];
        _original = new byte[count][];
        _offsets = new int[count];
        Shards = new Memory<byte>[count];
        for (int shard = 0; shard < count; shard++)
        {
            int length = shard < dataShards && dataLength is not null ? dataLength(shard) : lengthBytes;
            _offsets[shard] = GuardBytes + random.Next(64);
            _arrays[shard] = new byte[_offsets[shard] + length + GuardBytes];
            Array.Fill(_arrays[shard], Guard);
            Shards[shard] = _arrays[shard].AsMemory(_offsets[shard], length);
            random.NextBytes(Shards[shard].Span);
        }

        Data = [.. Shards[..dataShards].Select(chunk => (ReadOnlyMemory<byte>)chunk)];
        Parity = Shards[dataShards..];
        new ReedSolomon(dataShards, parityShards, new ScalarKernel()).Encode(Data, Parity);
        for (int shard = 0; shard < count; shard++) _original[shard] = Shards[shard].ToArray();
    }

    public int LengthBytes { get; }

    public Memory<byte>[] Shards { get; }

    public ReadOnlyMemory<byte>[] Data { get; }

    public Memory<byte>[] Parity { get; }

    public ReadOnlyMemory<byte>[] ReadOnlyParity => [.. Parity.Select(chunk => (ReadOnlyMemory<byte>)chunk)];

    public void Spoil(in ShardSet shards)
    {
        foreach (int shard in shards) Shards[shard].Span.Fill(0x5A);
    }

    /// <summary>Fails unless every shard holds what it should, spoiled ones the spoil, and no guard byte has changed.</summary>
    public void AssertIntact(string what, in ShardSet spoiled = default)
    {
        for (int shard = 0; shard < Shards.Length; shard++)
        {
            byte[] expected = _original[shard];
            if (spoiled.Contains(shard)) Array.Fill(expected = new byte[expected.Length], (byte)0x5A);
            int differs = Shards[shard].Span.CommonPrefixLength(expected);
            Assert.True(differs == expected.Length, $"{what}: shard {shard} differs at byte {differs} of {expected.Length}.");
            Assert.True(_arrays[shard].AsSpan(0, _offsets[shard]).IndexOfAnyExcept(Guard) < 0, $"{what}: bytes before shard {shard} were written.");
            Assert.True(
                _arrays[shard].AsSpan(_offsets[shard] + expected.Length).IndexOfAnyExcept(Guard) < 0,
                $"{what}: bytes after shard {shard} were written.");
        }
    }
}
