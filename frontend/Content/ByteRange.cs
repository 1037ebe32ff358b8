using Microsoft.Net.Http.Headers;

namespace ChunkStream.Frontend.Content;

/// <summary>Which bytes of a file a request asks for (RFC 9110, section 14).</summary>
/// <param name="Kind">Whether that is all of it, a part, or nothing that there is.</param>
/// <param name="OffsetBytes">Where to start.</param>
/// <param name="LengthBytes">How much.</param>
internal readonly record struct ByteRange(RangeKind Kind, long OffsetBytes, long LengthBytes)
{
    /// <summary>
    /// Reads a <c>Range</c> header. One that can't be read, or that asks for several ranges, is answered with the whole file, as the
    /// standard allows.
    /// </summary>
    public static ByteRange Parse(string? header, long sizeBytes)
    {
        if (!RangeHeaderValue.TryParse(header, out RangeHeaderValue? range) || range.Unit != "bytes" || range.Ranges.Count != 1) return Whole(sizeBytes);
        RangeItemHeaderValue item = range.Ranges.First();
        if (item.From is not { } from) return Suffix(item.To ?? 0, sizeBytes);
        if (from >= sizeBytes) return new(RangeKind.Unsatisfiable, 0, 0);
        long last = Math.Min(item.To ?? long.MaxValue, sizeBytes - 1);
        return new(RangeKind.Part, from, last - from + 1);
    }

    public static ByteRange Whole(long sizeBytes) => new(RangeKind.Whole, 0, sizeBytes);

    private static ByteRange Suffix(long lengthBytes, long sizeBytes)
    {
        long length = Math.Min(lengthBytes, sizeBytes);
        return length == 0 ? new(RangeKind.Unsatisfiable, 0, 0) : new(RangeKind.Part, sizeBytes - length, length);
    }
}
