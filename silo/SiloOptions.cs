using ChunkStream.Grains;
using ChunkStream.Silo.Database;
using ChunkStream.Transport.Congestion;

namespace ChunkStream.Silo;

/// <summary>What a silo is told when it starts.</summary>
public sealed class SiloOptions
{
    /// <summary>Where the service keeps its state and its keys; made where it doesn't exist. One process at a time uses it.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// Where state, catalogue and reminders are. Default: a SQLite file in the data folder, for one silo. Silos on one PostgreSQL database with
    /// one cluster id and one service id are a cluster.
    /// </summary>
    public DatabaseOptions Database { get; init; } = new();

    /// <summary>
    /// The IP address at which other silos and Orleans clients reach this silo; it listens there. Default: this machine alone. Whoever
    /// reaches the two ports may call every grain, so they belong in a network of the service's own.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos. 0: any free one.</summary>
    public int SiloPort { get; set; }

    /// <summary>The port for Orleans clients, such as a frontend in another process. 0: any free one.</summary>
    public int ClientPort { get; set; }

    /// <summary>What of the gateway differs from its defaults: the ports that it listens on, and where clients reach them.</summary>
    public IList<string> GatewayListen { get; init; } = [];

    /// <summary>Where clients reach the gateway's endpoints, as many as <see cref="GatewayListen"/>; empty: the same.</summary>
    public IList<string> GatewayAdvertise { get; init; } = [];

    /// <summary>
    /// The most that crosses the gateway in a second, for all transfers together, in 10^6 bits; 0: no limit. Followed while the silo runs,
    /// from <c>settings.json</c> in the data folder or any other source that is loaded again.
    /// </summary>
    public double GatewayMaxMbitPerSecond { get; set; }

    /// <summary>How the gateway's lanes decide how fast to send, to receivers. Default bbr; cubic is slow where packets are lost.</summary>
    public CongestionControl GatewayCongestion { get; set; }

    /// <summary>Which cluster the silo belongs to.</summary>
    public string ClusterId { get; set; } = "chunkstream";

    /// <summary>Whose state it is in the database: another service id finds none of it.</summary>
    public string ServiceId { get; set; } = "chunkstream";

    /// <summary>What owners may have at once, and how long it is kept.</summary>
    public TransferOptions Transfers { get; init; } = new();
}
