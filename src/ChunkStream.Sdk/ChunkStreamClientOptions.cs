using System.Net;

namespace ChunkStream.Sdk;

/// <summary>How a client connects and what it may use.</summary>
public sealed class ChunkStreamClientOptions
{
    public TransportChoice Transport { get; init; }

    /// <summary>
    /// Memory for chunks in flight, for each call: 32 to 4,096 MiB, default 48 MiB. At least two stripes are always held, which is
    /// more than this where k + m chunks are large.
    /// </summary>
    public int WindowMiB { get; init; } = 48;

    /// <summary>
    /// The most bytes a second on the wire for all calls of the client together, both directions, parity and retries included; without
    /// what TLS, QUIC and IP add. Default 0: no limit. <see cref="ChunkStreamClient.MaxBytesPerSecond"/> changes it later.
    /// </summary>
    public long MaxBytesPerSecond { get; init; }

    /// <summary>Lanes a path over QUIC: 1 to 64, default 8.</summary>
    public int QuicLanes { get; init; } = 8;

    /// <summary>Connections a path over TLS: 1 to 16, default 2.</summary>
    public int TlsLanes { get; init; } = 2;

    /// <summary>Local addresses to bind paths to. Null: one path for each gateway endpoint, from the address that the system chooses.</summary>
    public IReadOnlyList<IPAddress>? LocalAddresses { get; init; }

    /// <summary>How long to go on trying when no path is up, before the call fails with what was committed kept. Default one minute.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Where manifests are kept between reads of ranges, at most 256 of them. Null: a folder of this user's under the system's temporary one.</summary>
    public string? ManifestDirectory { get; init; }

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
