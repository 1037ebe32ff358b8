using ChunkStream.Storage;
using ChunkStream.Transport.Listeners;

namespace ChunkStream.Gateway;

/// <summary>A gateway: where it listens, where chunks rest, and how much it may hold.</summary>
public sealed record GatewayOptions
{
    /// <summary>The folder of the gateway's own files: its id and its certificate.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where shards rest. At least one.</summary>
    public required IReadOnlyList<VolumeOptions> Volumes { get; init; }

    /// <summary>Addresses and ports to listen on, UDP and TCP alike; port 0 is chosen by the system. Default <c>127.0.0.1:7071</c>.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["127.0.0.1:7071"];

    /// <summary>Where clients reach those endpoints, as many as <see cref="Listen"/>. Null: the same addresses, with the real ports.</summary>
    public IReadOnlyList<string>? Advertise { get; init; }

    /// <summary>Listen for QUIC where this machine supports it. TLS is always listened for.</summary>
    public bool EnableQuic { get; init; } = true;

    /// <summary>Memory for chunks between network and disk, 8 to 4,096 MiB. Default 32 MiB.</summary>
    public int BufferMiB { get; init; } = 32;

    /// <summary>Accepted chunks wait at most this long for their group's flush and record. Default 100 ms.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A group of so many bytes is committed without waiting: 1 to 1,024 MiB, default 64 MiB. Four such groups may be unflushed at once, in the system's page cache.</summary>
    public int CommitMiB { get; init; } = 64;

    /// <summary>A lane that hasn't shown its ticket by then is closed. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A lane on which a frame takes longer than this, or no frame comes for as long, is closed. Default 60 s.</summary>
    public TimeSpan LaneTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A transfer whose client has ended its last lane, or was killed, is paused until the client is back when no lane has come for this
    /// long. Default 30 s.
    /// </summary>
    public TimeSpan ClientGoneAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most that crosses in a second, for all transfers together, both directions, parity and retries included; without what TLS,
    /// QUIC and IP add. In 10^6 bits. Default 0: no limit. <see cref="GatewayRegistration.LimitGateway"/> changes it later.
    /// </summary>
    public double MaxMbitPerSecond { get; init; }

    /// <summary>The bounds of the listeners.</summary>
    public LaneListenerOptions Listener { get; init; } = new();

    /// <summary>Every value that isn't allowed, each with what is.</summary>
    public IEnumerable<string> Problems()
    {
        if (Volumes.Count == 0) yield return "Volumes is empty; a gateway needs one or more.";
        if (Listen.Count == 0) yield return "Listen is empty; a gateway needs one endpoint or more.";
        foreach (string endpoint in Listen)
            if (!System.Net.IPEndPoint.TryParse(endpoint, out _)) yield return $"Listen has '{endpoint}'; an endpoint is an IP address and a port, such as 127.0.0.1:7071.";
        if (Advertise is { } advertise && advertise.Count != Listen.Count)
            yield return $"Advertise has {advertise.Count} endpoints and Listen {Listen.Count}; they go in pairs.";
        if (BufferMiB is < 8 or > 4096) yield return $"BufferMiB is {BufferMiB} MiB; it is 8 to 4096.";
        if (CommitMiB is < 1 or > 1024) yield return $"CommitMiB is {CommitMiB} MiB; it is 1 to 1024.";
        if (CommitInterval < TimeSpan.Zero || CommitInterval > TimeSpan.FromSeconds(10)) yield return $"CommitInterval is {CommitInterval.TotalMilliseconds} ms; it is 0 to 10000.";
        if (!GatewayRegistration.IsLimit(MaxMbitPerSecond)) yield return $"MaxMbitPerSecond is {MaxMbitPerSecond}; it is 0, for no limit, or up to 10000000.";
        if (HandshakeTimeout <= TimeSpan.Zero) yield return $"HandshakeTimeout is {HandshakeTimeout.TotalSeconds} s; it is more than 0.";
        if (LaneTimeout <= TimeSpan.Zero) yield return $"LaneTimeout is {LaneTimeout.TotalSeconds} s; it is more than 0.";
        if (ClientGoneAfter <= TimeSpan.Zero) yield return $"ClientGoneAfter is {ClientGoneAfter.TotalSeconds} s; it is more than 0.";
    }
}
