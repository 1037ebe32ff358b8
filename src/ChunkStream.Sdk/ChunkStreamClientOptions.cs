using System.Net;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk;

/// <summary>How a client connects and what it may use.</summary>
public sealed class ChunkStreamClientOptions
{
    public TransportChoice Transport { get; init; }

    /// <summary>
    /// Memory for chunks in flight, for each call: 32 to 4,096 MiB, default 32 MiB. At least two stripes are always held, which is
    /// more than this where k + m chunks are large.
    /// </summary>
    public int WindowMiB { get; init; } = 32;

    /// <summary>
    /// The most bytes a second on the wire for all calls of the client together, both directions, parity and retries included; without
    /// what TLS, QUIC and IP add. Default 0: no limit. <see cref="ChunkStreamClient.MaxBytesPerSecond"/> changes it later.
    /// </summary>
    public long MaxBytesPerSecond { get; init; }

    /// <summary>
    /// The most lanes of a path over QUIC: 1 to 64, default 40, and at most 16 on paths of less than 10 ms. They are opened as there is
    /// something for them to carry. Memory at the receiving end: 1 MiB each, at most 16 MiB a path, and twice that while they move to a new connection.
    /// </summary>
    public int QuicLanes { get; init; } = 40;

    /// <summary>
    /// The most connections a path over TLS: 1 to 16, default 4, at most 2 on paths of less than 10 ms, and at least 8 where CUBIC is all
    /// there is, of which one alone is slow on a lossy path. They are opened as there is something for them to carry.
    /// </summary>
    public int TlsLanes { get; init; } = 4;

    /// <summary>
    /// How lanes decide how fast to send, which matters on lossy paths. Default <see cref="CongestionControl.Bbr"/>; where the system has
    /// none, its own default is used and said once. QUIC's is one for the whole process: the last client's that dialled.
    /// </summary>
    public CongestionControl Congestion { get; init; }

    /// <summary>
    /// Local addresses to bind paths to, each to the gateway endpoints of its family. Null: this machine's own that lead to an endpoint,
    /// as they come and go while a call runs. An empty list is the same as null.
    /// </summary>
    public IReadOnlyList<IPAddress>? LocalAddresses { get; init; }

    /// <summary>Local addresses whose paths carry everything while one of them is well; the others stand by. Default: none.</summary>
    public IReadOnlyList<IPAddress> PreferredAddresses { get; init; } = [];

    /// <summary>Local addresses whose paths carry only while no other is well, as where each byte is paid for. Default: none.</summary>
    public IReadOnlyList<IPAddress> MeteredAddresses { get; init; } = [];

    /// <summary>How long to go on trying when no path is up, before the call fails with what was committed kept. Default one minute.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Where manifests are kept between reads of ranges, at most 256 of them. Null: a folder of this user's under the system's temporary one.</summary>
    public string? ManifestDirectory { get; init; }

    internal ILocalAddresses Addresses { get; init; } = new LocalAddresses();

    internal PathTiming Timing { get; init; } = new();

    /// <summary>Every value that isn't allowed, each with what is.</summary>
    public IEnumerable<string> Problems()
    {
        if (WindowMiB is < 32 or > 4096) yield return $"WindowMiB is {WindowMiB} MiB; it is 32 to 4096.";
        if (MaxBytesPerSecond < 0) yield return $"MaxBytesPerSecond is {MaxBytesPerSecond}; it is 0, for no limit, or more.";
        if (QuicLanes is < 1 or > 64) yield return $"QuicLanes is {QuicLanes}; it is 1 to 64.";
        if (TlsLanes is < 1 or > 16) yield return $"TlsLanes is {TlsLanes}; it is 1 to 16.";
        if (ReconnectFor < TimeSpan.Zero) yield return $"ReconnectFor is {ReconnectFor.TotalSeconds} s; it is 0 or more.";
    }
}
