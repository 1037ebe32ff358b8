using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What a detailed verification found of one chunk, and what it expected.</summary>
/// <param name="Finding">Whether the chunk is good, and if not, what differs.</param>
/// <param name="Index">Which chunk.</param>
/// <param name="OffsetBytes">Where it starts in the file; null for parity, and for a chunk that the file doesn't have.</param>
/// <param name="ExpectedBytes">Its length by the layout; 0 for a chunk that the file doesn't have.</param>
/// <param name="FoundBytes">The length of the bytes that were verified.</param>
/// <param name="Expected">The hash that it must have.</param>
/// <param name="Found">The hash that it has; zero where none was computed.</param>
public readonly record struct ChunkVerification(
    ChunkFinding Finding, ChunkIndex Index, long? OffsetBytes, int ExpectedBytes, int FoundBytes, Digest Expected, Digest Found)
{
    public bool IsGood => Finding == ChunkFinding.Good;

    /// <summary>A chunk whose bytes weren't to be had: <see cref="ChunkFinding.Missing"/> or <see cref="ChunkFinding.Unreadable"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The layout has no such chunk.</exception>
    public static ChunkVerification NotRead(FileLayout layout, ChunkIndex index, ChunkFinding finding, in Digest expected = default) =>
        new(finding, index, layout.IsParity(index) ? null : layout.OffsetOf(index), layout.LengthOf(index), 0, expected, default);

    /// <summary>
    /// The same chunk, verified at rest against the hash that is kept beside it, judged by its manifest: what is beside it may have
    /// changed, or be the hash of other bytes.
    /// </summary>
    public ChunkVerification Against(in Digest manifest)
    {
        if (Found.IsZero) return this with { Expected = manifest };
        if (Found != manifest) return this with { Expected = manifest, Finding = ChunkFinding.HashWrong };
        return IsGood ? this : this with { Expected = manifest, Finding = ChunkFinding.KeptHashWrong };
    }

    /// <summary>The failure that this is, or null where the chunk is good.</summary>
    public Failure? ToFailure() => Finding switch
    {
        ChunkFinding.Good => null,
        ChunkFinding.OutsideLayout => new(FailureCode.ChunkOutsideLayout, ToString()),
        ChunkFinding.LengthWrong => new(FailureCode.ChunkLengthWrong, ToString()),
        ChunkFinding.Missing => new(FailureCode.ChunksMissing, ToString()),
        ChunkFinding.Unreadable => new(FailureCode.ChunkUnreadable, ToString()),
        _ => new(FailureCode.ChunkHashMismatch, ToString()),
    };

    public override string ToString() => Finding switch
    {
        ChunkFinding.Good => $"Chunk {Index} is good.",
        ChunkFinding.OutsideLayout => $"The file has no chunk {Index}.",
        ChunkFinding.LengthWrong => $"Chunk {Index}{At} is {FoundBytes} bytes, not {ExpectedBytes}.",
        ChunkFinding.Missing => $"Chunk {Index}{At} isn't there.",
        ChunkFinding.Unreadable => $"Chunk {Index}{At} can't be read.",
        ChunkFinding.KeptHashWrong => $"Chunk {Index}{At} is good, but the hash that is kept beside it is wrong.",
        _ => $"Chunk {Index}{At}, {FoundBytes} bytes, has the hash {Found}, not {Expected}.",
    };

    private string At => OffsetBytes is { } offset ? $" at offset {offset}" : " (parity)";
}
