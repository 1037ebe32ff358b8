using System.Net;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Listeners;

/// <summary>Accepts lanes on one endpoint.</summary>
public interface ILaneListener : IAsyncDisposable
{
    LaneKind Kind { get; }

    /// <summary>Where it really listens: the port that the system chose where 0 was asked for.</summary>
    IPEndPoint EndPoint { get; }

    /// <summary>Hands every lane to <paramref name="serve"/>, which owns it, until cancelled. At most so many at once as the options say.</summary>
    Task RunAsync(Func<Lane, CancellationToken, Task> serve, CancellationToken cancellationToken);
}
