namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What the verification of a chunk found. The numbers cross between processes: none is ever changed.</summary>
public enum ChunkFinding
{
    Good = 0,

    /// <summary>The file has no chunk with this index.</summary>
    OutsideLayout = 1,

    /// <summary>The chunk is shorter or longer than its layout says; its hash isn't looked at then.</summary>
    LengthWrong = 2,

    /// <summary>As long as it must be, but of other bytes, or of another place in the file.</summary>
    HashWrong = 3,

    /// <summary>No chunk is stored at its place.</summary>
    Missing = 4,

    /// <summary>The disk can't read the chunk, or the hash beside it.</summary>
    Unreadable = 5,

    /// <summary>The bytes are the chunk's, but the hash that is kept beside them isn't: whoever reads the two takes it for bad.</summary>
    KeptHashWrong = 6,
}
