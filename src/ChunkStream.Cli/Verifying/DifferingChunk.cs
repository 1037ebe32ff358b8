using System.Globalization;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Verifying;

/// <summary>A chunk of a local file that isn't what the manifest says.</summary>
/// <param name="Index">Which data chunk of the file, from 0.</param>
/// <param name="Stripe">Its stripe.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="OffsetBytes">Where it starts in the file.</param>
/// <param name="Finding">What differs: <c>lengthWrong</c> or <c>hashWrong</c>.</param>
/// <param name="ExpectedBytes">Its length by the manifest.</param>
/// <param name="FoundBytes">Its length in the file.</param>
/// <param name="ExpectedHash">Its hash by the manifest.</param>
/// <param name="FoundHash">The hash that it has; null where it is too short to have one.</param>
internal sealed record DifferingChunk(
    long Index, int Stripe, int Shard, long OffsetBytes, string Finding, int ExpectedBytes, int FoundBytes, Digest ExpectedHash, Digest? FoundHash)
{
    public static DifferingChunk Of(FileLayout layout, ChunkVerification chunk) => new(
        (long)chunk.Index.Stripe * layout.DataShards + chunk.Index.Shard, chunk.Index.Stripe, chunk.Index.Shard, chunk.OffsetBytes ?? 0,
        EnumNames.Of(chunk.Finding), chunk.ExpectedBytes, chunk.FoundBytes, chunk.Expected, chunk.Found.IsZero ? null : chunk.Found);

    public override string ToString()
    {
        FormattableString where = $"chunk {Index} (stripe {Stripe}, shard {Shard}) at offset {OffsetBytes}, {ExpectedBytes} bytes";
        FormattableString what = FoundHash is { } hash ? $"the hash is {hash}, not {ExpectedHash}" : (FormattableString)$"{FoundBytes} bytes are there";
        return $"{where.ToString(CultureInfo.InvariantCulture)}: {what.ToString(CultureInfo.InvariantCulture)}";
    }
}
