using ChunkStream.Sdk;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Cli.Service;

/// <summary>The all-in-one service: a silo, a gateway and a frontend in this process.</summary>
public sealed class ServiceOptions
{
    /// <summary>State, keys and chunks; made where it doesn't exist. One process at a time uses it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where HTTP listens. Port 0: any free one. Default <c>http://127.0.0.1:7070</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:7070"];

    /// <summary>Where lanes are taken, UDP and TCP alike. Port 0: any free one. Default <c>127.0.0.1:7071</c>.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = ["127.0.0.1:7071"];

    /// <summary>What lanes run over. <see cref="TransportChoice.Tls"/> leaves QUIC off; TLS is always listened for.</summary>
    public TransportChoice Transport { get; init; }

    /// <summary>The most that crosses the gateway in a second, for all transfers together. Default 0: no limit.</summary>
    public long MaxBytesPerSecond { get; init; }

    /// <summary>The least level that is logged, to standard error. Default: warnings.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}
