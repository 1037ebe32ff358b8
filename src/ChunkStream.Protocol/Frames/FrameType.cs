namespace ChunkStream.Protocol.Frames;

/// <summary>What a frame is. docs/protocol.md says what each one's fields and body mean.</summary>
public enum FrameType : byte
{
    /// <summary>Client, first on every lane: the ticket.</summary>
    Hello = 1,

    /// <summary>Gateway: the lane is open.</summary>
    Welcome = 2,

    /// <summary>Either: the lane ends here, with this code.</summary>
    Fail = 3,

    /// <summary>Either: a chunk's hash and bytes.</summary>
    Chunk = 4,

    /// <summary>Gateway: the chunk was verified and written.</summary>
    Accepted = 5,

    /// <summary>Gateway: these chunks are durable and recorded.</summary>
    Committed = 6,

    /// <summary>Gateway: the chunk was not taken, with this code; the lane goes on.</summary>
    Refused = 7,

    /// <summary>Client: send me this chunk.</summary>
    Fetch = 8,

    /// <summary>Gateway: the chunk can't be had here now; take another of its stripe.</summary>
    Missing = 9,

    /// <summary>Client: send me the file's manifest.</summary>
    FetchManifest = 10,

    /// <summary>Gateway: a piece of the manifest; an empty piece is the end.</summary>
    Manifest = 11,

    /// <summary>Either: answer with a Pong of the same eight bytes.</summary>
    Ping = 12,

    Pong = 13,

    /// <summary>Client: nothing more will be sent on this lane; the gateway commits what it has without waiting for more.</summary>
    Flush = 14,

    /// <summary>Gateway: how much of the bandwidth the transfer gets beside others, when a lane opens and whenever it changes.</summary>
    Priority = 15,

    /// <summary>Client, on a receiving lane: so many bytes a second the gateway may write on this lane's connection; 0 is as many as it can.</summary>
    Pace = 16,
}
