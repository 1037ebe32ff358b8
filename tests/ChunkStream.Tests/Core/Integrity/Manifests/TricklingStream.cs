namespace ChunkStream.Tests.Core.Integrity.Manifests;

/// <summary>Gives a few bytes a read, as a network does.</summary>
internal sealed class TricklingStream(byte[] bytes, int seed, int most = 100) : MemoryStream(bytes)
{
    private readonly Random _random = new(seed);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, most))], cancellationToken);
}
