using System.Text;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>Which of the three hashes of BLAKE3 a tree is: plain, keyed or derive-key; the same for every node of the tree.</summary>
internal readonly struct HashMode
{
    /// <summary>The initialisation vector that BLAKE3 shares with SHA-256.</summary>
    private static readonly HashMode PlainMode = new(
        ChainingValue.Of(
        [
            0x67, 0xE6, 0x09, 0x6A, 0x85, 0xAE, 0x67, 0xBB, 0x72, 0xF3, 0x6E, 0x3C, 0x3A, 0xF5, 0x4F, 0xA5,
            0x7F, 0x52, 0x0E, 0x51, 0x8C, 0x68, 0x05, 0x9B, 0xAB, 0xD9, 0x83, 0x1F, 0x19, 0xCD, 0xE0, 0x5B,
        ]),
        flags: 0);

    private HashMode(ChainingValue key, uint flags) => (Key, Flags, Instructions) = (key, flags, Lanes.Best);

    /// <summary>What every leaf and every parent starts from.</summary>
    public readonly ChainingValue Key;

    /// <summary>Set on every node.</summary>
    public readonly uint Flags;

    /// <summary>What the nodes are compressed with. Every choice gives the same hash.</summary>
    public InstructionSet Instructions { get; init; }

    public static ref readonly HashMode Plain => ref PlainMode;

    /// <exception cref="ArgumentException"><paramref name="key"/> is not 32 bytes long.</exception>
    public static HashMode Keyed(ReadOnlySpan<byte> key)
    {
        if (key.Length != Digest.SizeBytes)
            throw new ArgumentException($"A key is {Digest.SizeBytes} bytes, not {key.Length}.", nameof(key));
        return new(ChainingValue.Of(key), NodeFlags.KeyedHash);
    }

    public static HashMode DeriveKey(string context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var contextMode = new HashMode(Plain.Key, NodeFlags.DeriveKeyContext);
        Digest contextKey = Tree.Root(Encoding.UTF8.GetBytes(context), contextMode).RootDigest();
        return new(ChainingValue.Of(contextKey), NodeFlags.DeriveKeyMaterial);
    }
}
