using System.Text.Json;

namespace ChunkStream.Tests.Core.Integrity;

/// <summary>The official vectors of BLAKE3, test_vectors/test_vectors.json of its repository.</summary>
internal sealed class TestVectors
{
    private TestVectors(JsonElement root)
    {
        Key = System.Text.Encoding.ASCII.GetBytes(root.GetProperty("key").GetString()!);
        Context = root.GetProperty("context_string").GetString()!;
        Cases = [.. root.GetProperty("cases").EnumerateArray().Select(c => new Case(
            c.GetProperty("input_len").GetInt32(), Hex(c, "hash"), Hex(c, "keyed_hash"), Hex(c, "derive_key")))];
    }

    public static TestVectors Official { get; } = Load();

    public byte[] Key { get; }
    public string Context { get; }
    public IReadOnlyList<Case> Cases { get; }

    /// <summary>The input that the vectors are made of.</summary>
    public static byte[] Input(int lengthBytes)
    {
        byte[] input = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) input[i] = (byte)(i % 251);
        return input;
    }

    private static byte[] Hex(JsonElement @case, string name) => Convert.FromHexString(@case.GetProperty(name).GetString()!);

    private static TestVectors Load()
    {
        using Stream stream = typeof(TestVectors).Assembly.GetManifestResourceStream("blake3_test_vectors.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        return new TestVectors(document.RootElement);
    }

    internal sealed record Case(int InputBytes, byte[] Hash, byte[] KeyedHash, byte[] DerivedKey);
}
