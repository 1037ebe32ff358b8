using System.Globalization;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Verifying;

/// <summary>The document of <c>verify --local</c> against a manifest.</summary>
/// <param name="File">The local file.</param>
/// <param name="FileId">Whose manifest it is; null where the manifest doesn't say.</param>
/// <param name="IsGood">Whether the file is byte for byte the one that the manifest was made of.</param>
/// <param name="ManifestFault">Why the manifest isn't believed; null where it is.</param>
/// <param name="ExpectedBytes">The file's length by the manifest.</param>
/// <param name="FoundBytes">The file's length.</param>
/// <param name="Blake3">The file's hash by the manifest.</param>
/// <param name="CheckedChunks">How many data chunks were read.</param>
/// <param name="FailedChunks">How many of them differ.</param>
/// <param name="Chunks">What differs, in the order of the file; at most <see cref="BatchVerification.MaxDetails"/>.</param>
/// <param name="FailedStripes">All that differ: for each data shard its stripes, as alternating starts and ends.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record LocalReport(
    string File, Guid? FileId, bool IsGood, LocalReport.Fault? ManifestFault, long? ExpectedBytes, long FoundBytes, Digest? Blake3,
    long CheckedChunks, long FailedChunks, IReadOnlyList<DifferingChunk> Chunks, IReadOnlyList<int[]> FailedStripes, double Seconds)
{
    public static LocalReport Of(string file, long foundBytes, FileVerification found, TimeSpan elapsed)
    {
        ManifestHeader? header = found.Manifest.Header;
        BatchVerification? chunks = found.Chunks;
        return new(
            file, header?.FileId, found.IsGood,
            found.Manifest.Fault is { } fault ? new(EnumNames.Of(fault.Problem), fault.Detail) : null,
            header?.Layout.SizeBytes, foundBytes, header?.ContentHash, chunks?.CheckedChunks ?? 0, chunks?.FailedChunks ?? 0,
            chunks is null ? [] : [.. chunks.Details.OrderBy(chunk => chunk.Index).Select(chunk => DifferingChunk.Of(chunks.Layout, chunk))],
            chunks is null ? [] : [.. chunks.Failed.ToBounds().Take(chunks.Layout.DataShards)],
            elapsed.TotalSeconds);
    }

    /// <summary>For people: a verdict, and what differs below it.</summary>
    public IEnumerable<string> Lines()
    {
        string name = Excerpt.Of(File);
        if (ManifestFault is { } fault)
        {
            yield return $"{name}  unknown: the manifest isn't to be believed ({fault.Problem}). {fault.Message}";
            yield break;
        }
        FormattableString verdict = IsGood
            ? $"{name}  good: {CheckedChunks} chunks, {FoundBytes} bytes, {Blake3}"
            : (FormattableString)$"{name}  differs: {FailedChunks} of {CheckedChunks} chunks; {FoundBytes} bytes, {ExpectedBytes} by the manifest";
        yield return verdict.ToString(CultureInfo.InvariantCulture);
        foreach (DifferingChunk chunk in Chunks) yield return $"  {chunk}";
        if (FailedChunks > Chunks.Count) yield return string.Create(CultureInfo.InvariantCulture, $"  and {FailedChunks - Chunks.Count} more; --json tells all of them");
    }

    /// <summary>What is wrong with a manifest.</summary>
    internal sealed record Fault(string Problem, string Message);
}
