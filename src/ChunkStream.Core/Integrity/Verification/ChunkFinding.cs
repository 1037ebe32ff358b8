namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What the verification of a chunk found.</summary>
public enum ChunkFinding
{
    Good,

    /// <summary>The file has no chunk with this index.</summary>
    OutsideLayout,

    /// <summary>The chunk is shorter or longer than its layout says; its hash isn't looked at then.</summary>
    LengthWrong,

    /// <summary>As long as it must be, but of other bytes, or of another place in the file.</summary>
    HashWrong,
}
