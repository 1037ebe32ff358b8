using ChunkStream.Core.Failures;

namespace ChunkStream.Transport.Lanes;

/// <summary>A lane ended: the network lost it, the other side ended it with a code, or it sent what isn't a frame.</summary>
public sealed class LaneException : IOException
{
    public LaneException(FailureCode code, string message, Exception? cause = null) : base(message, cause) => Code = code;

    public FailureCode Code { get; }

    /// <summary>The other side has ended the stream or its connection on purpose, with no reason to tell; not the network.</summary>
    public bool EndedByPeer { get; init; }
}
