using System.Text.RegularExpressions;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Manifests;

/// <summary>The test vector of docs/manifest.md is what this program writes and reads.</summary>
public sealed partial class ManifestVectorTests
{
    private static readonly FileLayout Layout = new(2 * 65536 + 1, 65536, 2, 1);

    [Fact]
    public async Task The_documented_vector_is_what_is_written()
    {
        byte[] file = TestVectors.Input((int)Layout.SizeBytes);
        Digest[][] stripes = [new Digest[3], new Digest[3]];
        for (int stripe = 0; stripe < 2; stripe++)
        {
            byte[] parity = new byte[Layout.ParityLength(stripe)];
            for (int shard = 0; shard < Layout.DataChunksOf(stripe); shard++)
            {
                var index = new ChunkIndex(stripe, shard);
                ReadOnlySpan<byte> chunk = file.AsSpan((int)Layout.OffsetOf(index), Layout.LengthOf(index));
                stripes[stripe][shard] = ChunkHash.Of(Layout, index, chunk);
                byte factor = (byte)(shard == 0 ? 0x8E : 0xF4); // 1/2 and 1/3: the Cauchy row of 2+1.
                for (int i = 0; i < chunk.Length; i++) parity[i] ^= Multiply(factor, chunk[i]);
            }
            stripes[stripe][2] = ChunkHash.Of(Layout, new ChunkIndex(stripe, 2), parity);
        }

        (byte[] bytes, _) = await Manifest.WriteAsync(Layout, stripes, Blake3.Hash(file));

        Assert.Equal(Documented(), Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public async Task The_documented_vector_is_read()
    {
        (ManifestReader reader, List<Digest[]> stripes) = await Manifest.ReadAsync(Convert.FromHexString(Documented()));
        Assert.True(reader.IsVerified);
        Assert.Equal(Layout, reader.Header.Layout);
        Assert.Equal(2, stripes.Count);
        Assert.True(stripes[1][1].IsZero);
    }

    private static string Documented()
    {
        using Stream stream = typeof(ManifestVectorTests).Assembly.GetManifestResourceStream("manifest.md")!;
        string page = new StreamReader(stream).ReadToEnd();
        return string.Concat(HexLine().Matches(page[page.IndexOf("## Test vector", StringComparison.Ordinal)..])
            .Select(line => line.Groups[1].Value)).Replace(" ", "", StringComparison.Ordinal);
    }

    private static byte Multiply(byte a, byte b)
    {
        int product = 0;
        for (int x = a, y = b; y != 0; y >>= 1, x = x << 1 ^ (x >> 7) * 0x11D)
            if ((y & 1) != 0) product ^= x;
        return (byte)product;
    }

    /// <summary>"0000  hex", as the page prints it.</summary>
    [GeneratedRegex("^[0-9a-f]{4}  ([0-9a-f ]+)$", RegexOptions.Multiline)]
    private static partial Regex HexLine();
}
