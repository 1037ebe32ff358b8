using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ChunkStream.Core.Integrity;

/// <summary>
/// 32 bytes of BLAKE3: a file's hash, a chunk's chaining value or a manifest's digest. A value without allocation;
/// compared in constant time; written as 64 lower-case hex digits.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Digest : IEquatable<Digest>
{
    public const int SizeBytes = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes) throw new ArgumentException($"A digest is {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));
        this = MemoryMarshal.Read<Digest>(bytes);
    }

    /// <summary>All zero: what a sidecar holds where no chunk has been stored.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeBytes];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString() => Convert.ToHexStringLower(ToArray());

    public static bool TryParse([NotNullWhen(true)] string? hex, out Digest digest)
    {
        digest = default;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (hex is not { Length: SizeBytes * 2 }
            || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        digest = new Digest(bytes);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="hex"/> is not 64 hex digits.</exception>
    public static Digest Parse(string hex) =>
        TryParse(hex, out Digest digest) ? digest : throw new FormatException($"A digest is {SizeBytes * 2} hex digits, not '{hex}'.");

    public bool Equals(Digest other) => CryptographicOperations.FixedTimeEquals(AsBytes(in this), AsBytes(in other));

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Digest other && Equals(other);

    public override int GetHashCode() => _a.GetHashCode();

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);
    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    private static ReadOnlySpan<byte> AsBytes(in Digest digest) => MemoryMarshal.AsBytes(new ReadOnlySpan<Digest>(in digest));
}
