namespace ChunkStream.Protocol.Sending;

/// <summary>What to do about a chunk that is late on its path.</summary>
public enum LateChunk
{
    /// <summary>Nothing: it isn't needed any more, or another was sent in its place already.</summary>
    Wait,

    /// <summary>Its stripe has enough without it, and nobody waits for it any more.</summary>
    DoWithout,

    /// <summary>A chunk is to cross another path in its place.</summary>
    Send,
}
