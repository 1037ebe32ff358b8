using System.Globalization;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;

namespace ChunkStream.Sdk.Control;

/// <summary>A chunk that isn't what the manifest says, of a stored file or of a local one.</summary>
/// <param name="Index">Which data chunk of the file, from 0; null for parity.</param>
/// <param name="Stripe">Its stripe.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="OffsetBytes">Where it starts in the file; null for parity.</param>
/// <param name="Finding">What differs: <c>missing</c>, <c>unreadable</c>, <c>lengthWrong</c>, <c>hashWrong</c> or, where only the hash kept beside it is bad, <c>keptHashWrong</c>.</param>
/// <param name="ExpectedBytes">Its length by the manifest.</param>
/// <param name="FoundBytes">How many bytes of it are there.</param>
/// <param name="ExpectedHash">Its hash by the manifest; null where neither the manifest nor the store knows it.</param>
/// <param name="FoundHash">The hash that it has; null where there are too few bytes to have one.</param>
public sealed record DifferingChunk(
    long? Index, int Stripe, int Shard, long? OffsetBytes, string Finding, int ExpectedBytes, int FoundBytes, Digest? ExpectedHash, Digest? FoundHash)
{
    public static DifferingChunk Of(FileLayout layout, ChunkVerification chunk) => new(
        chunk.OffsetBytes is null ? null : (long)chunk.Index.Stripe * layout.DataShards + chunk.Index.Shard, chunk.Index.Stripe, chunk.Index.Shard,
        chunk.OffsetBytes, EnumNames.Of(chunk.Finding), chunk.ExpectedBytes, chunk.FoundBytes, Known(chunk.Expected), Known(chunk.Found));

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        FormattableString where = Index is null
            ? $"parity chunk (stripe {Stripe}, shard {Shard}), {ExpectedBytes} bytes"
            : (FormattableString)$"chunk {Index} (stripe {Stripe}, shard {Shard}) at offset {OffsetBytes}, {ExpectedBytes} bytes";
        FormattableString what = Finding switch
        {
            "missing" => $"it isn't there",
            "unreadable" => $"the disk can't read it",
            "keptHashWrong" => $"the hash kept beside it is wrong",
            "lengthWrong" => $"{FoundBytes} bytes are there",
            _ => $"the hash is {FoundHash}, not {ExpectedHash}",
        };
        return $"{where.ToString(CultureInfo.InvariantCulture)}: {what.ToString(CultureInfo.InvariantCulture)}";
    }

    private static Digest? Known(Digest digest) => digest.IsZero ? null : digest;
}
