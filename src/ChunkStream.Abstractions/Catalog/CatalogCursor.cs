using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ChunkStream.Abstractions.Catalog;

/// <summary>A place in a listing: the last entry of a page. As text it is opaque, and means something only to the same filters.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Name">Its name, where the listing is in the order of names; null where it is newest first.</param>
[GenerateSerializer, Immutable, Alias("chunkstream.catalog.cursor")]
public sealed record CatalogCursor([property: Id(0)] Guid Id, [property: Id(1)] string? Name)
{
    private const int IdBytes = 16;

    public override string ToString()
    {
        byte[] name = Name is null ? [] : Encoding.UTF8.GetBytes("/" + Name);
        byte[] bytes = new byte[IdBytes + name.Length];
        Id.TryWriteBytes(bytes, bigEndian: true, out _);
        name.CopyTo(bytes, IdBytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote. Null where the text is no cursor.</summary>
    public static CatalogCursor? Parse(string text)
    {
        byte[] decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out int length) is not OperationStatus.Done) return null;
        ReadOnlySpan<byte> bytes = decoded.AsSpan(0, length);
        if (bytes.Length < IdBytes || bytes.Length > IdBytes && bytes[IdBytes] != '/') return null;
        Guid id = new(bytes[..IdBytes], bigEndian: true);
        return new(id, bytes.Length == IdBytes ? null : Encoding.UTF8.GetString(bytes[(IdBytes + 1)..]));
    }
}
