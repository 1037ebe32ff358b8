namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What an integrity check was about. The numbers are stored: none is ever changed.</summary>
public enum IntegritySubject : byte
{
    Chunk = 1,
    Manifest = 2,
    File = 3,
}
