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

    /// <summary>The failure that this is, or null where the chunk is good.</summary>
    public Failure? ToFailure() => Finding switch
    {
        ChunkFinding.Good => null,
        ChunkFinding.OutsideLayout => new(FailureCode.ChunkOutsideLayout, ToString()),
        ChunkFinding.LengthWrong => new(FailureCode.ChunkLengthWrong, ToString()),
        _ => new(FailureCode.ChunkHashMismatch, ToString()),
    };

    public override string ToString() => Finding switch
    {
        ChunkFinding.Good => $"Chunk {Index} is good.",
        ChunkFinding.OutsideLayout => $"The file has no chunk {Index}.",
        ChunkFinding.LengthWrong => $"Chunk {Index}{At} is {FoundBytes} bytes, not {ExpectedBytes}.",
        _ => $"Chunk {Index}{At}, {FoundBytes} bytes, has the hash {Found}, not {Expected}.",
    };

    private string At => OffsetBytes is { } offset ? $" at offset {offset}" : " (parity)";
}
