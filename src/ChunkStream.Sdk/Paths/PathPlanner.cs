using System.Net;
using System.Net.Sockets;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>Which paths there should be now: this machine's addresses that lead to a gateway's endpoint, each with it.</summary>
internal sealed class PathPlanner(ChunkStreamClientOptions options)
{
    private const int PreferredRank = 0, OrdinaryRank = 1, MeteredRank = 2;

    private readonly Dictionary<string, IPAddress[]> _resolved = [];

    /// <exception cref="ChunkStreamException">The service named an endpoint that isn't one.</exception>
    public async Task<IReadOnlyList<PlannedPath>> PlanAsync(IReadOnlyList<GatewayAddress> gateways, CancellationToken cancellationToken)
    {
        var planned = new List<PlannedPath>();
        foreach (GatewayAddress gateway in gateways)
        {
            foreach (string text in gateway.Endpoints)
            {
                if (!PathAddress.TryParseEndPoint(text, out EndPoint? endPoint))
                    throw new ChunkStreamException(FailureCode.InvalidRequest, $"The service named a gateway at '{text}', which isn't host:port.");
                foreach (var (local, remote) in await PairsAsync(endPoint!, cancellationToken).ConfigureAwait(false))
                    planned.Add(new(new(local, remote, gateway.SpkiSha256, gateway.HasQuic), RankOf(local)));
            }
        }
        return [.. planned.DistinctBy(path => path.Id)];
    }

    private async ValueTask<IReadOnlyList<(IPAddress? Local, EndPoint Remote)>> PairsAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var pairs = new List<(IPAddress?, EndPoint)>();
        foreach (IPEndPoint remote in await ResolveAsync(endPoint, cancellationToken).ConfigureAwait(false))
        {
            IEnumerable<IPAddress> locals = options.LocalAddresses is { Count: > 0 } chosen
                ? chosen.Where(local => Fits(local, remote.Address))
                : options.Addresses.LeadingTo(remote);
            pairs.AddRange(locals.Select(local => ((IPAddress?)local, (EndPoint)remote)));
        }
        if (pairs.Count > 0) return pairs;
        // Nothing is known of this machine's addresses, or of the name's: the system may know better.
        return options.LocalAddresses is { Count: > 0 } ? [] : [(null, endPoint)];
    }

    private async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (endPoint is IPEndPoint address) return [address];
        var dns = (DnsEndPoint)endPoint;
        if (!_resolved.TryGetValue(dns.Host, out IPAddress[]? addresses))
        {
            try
            {
                addresses = await Dns.GetHostAddressesAsync(dns.Host, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                return [];
            }
            _resolved.Add(dns.Host, addresses);
        }
        // Several addresses of a family are the same gateway; one of each will do.
        return [.. addresses.DistinctBy(one => one.AddressFamily).Select(one => new IPEndPoint(one, dns.Port))];
    }

    private int RankOf(IPAddress? local) => local switch
    {
        null => OrdinaryRank,
        _ when options.PreferredAddresses.Contains(local) => PreferredRank,
        _ when options.MeteredAddresses.Contains(local) => MeteredRank,
        _ => OrdinaryRank,
    };

    private static bool Fits(IPAddress local, IPAddress remote) =>
        local.AddressFamily == remote.AddressFamily && IPAddress.IsLoopback(local) == IPAddress.IsLoopback(remote);
}
