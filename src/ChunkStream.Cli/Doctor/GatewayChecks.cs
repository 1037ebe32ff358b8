using System.Globalization;
using System.Net;
using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkStream.Cli.Doctor;

/// <summary>Whether lanes reach the gateways: each address that the service names, over QUIC and over TLS, with the pinned key.</summary>
internal static class GatewayChecks
{
    public static async Task<IReadOnlyList<Check>> RunAsync(IReadOnlyList<GatewayState> gateways, TimeProvider time, CancellationToken cancellationToken)
    {
        List<Check> checks = [];
        foreach (GatewayAddress gateway in gateways.Select(gateway => gateway.Address))
        {
            foreach (string endpoint in gateway.Endpoints) checks.AddRange(await RunAsync(gateway, endpoint, time, cancellationToken));
        }
        return checks;
    }

    private static async Task<IEnumerable<Check>> RunAsync(GatewayAddress gateway, string text, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!PathAddress.TryParseEndPoint(text, out EndPoint? endPoint)) return [Check.Failed($"gateway {text}", "This isn't host:port.")];
        var address = new PathAddress(null, endPoint!, gateway.SpkiSha256, gateway.HasQuic);
        (bool tls, string tlsDetail) = await DialAsync(address, LaneChoice.Tls, time, cancellationToken);
        (bool quic, string quicDetail) = !gateway.HasQuic ? (false, "The gateway doesn't listen for it.")
            : !PathDialer.IsQuicSupported ? (false, "Not tried: not supported here.")
            : await DialAsync(address, LaneChoice.Quic, time, cancellationToken);
        // One way is enough, and the other is worth knowing of.
        Verdict otherwise = tls || quic ? Verdict.Warning : Verdict.Failed;
        return [
            new($"gateway {text} over QUIC", quic ? Verdict.Ok : otherwise, quicDetail),
            new($"gateway {text} over TLS", tls ? Verdict.Ok : otherwise, tlsDetail),
        ];
    }

    private static async Task<(bool Stands, string Detail)> DialAsync(PathAddress address, LaneChoice choice, TimeProvider time, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        try
        {
            await using IPathConnection connection =
                await new PathDialer(choice, NullLogger<PathDialer>.Instance, time).DialAsync(address, cancellationToken);
            return (true, string.Create(CultureInfo.InvariantCulture, $"Stands after {time.GetElapsedTime(startedAt).TotalMilliseconds:0.0} ms, with the pinned key."));
        }
        catch (LaneException exception)
        {
            return (false, exception.Message);
        }
    }
}
