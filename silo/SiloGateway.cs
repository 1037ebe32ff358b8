using ChunkStream.Gateway;

namespace ChunkStream.Silo;

/// <summary>The gateway that a silo hosts, on the silo's own data folder.</summary>
public static class SiloGateway
{
    /// <summary>Adds the gateway, whose limit follows the configuration while it runs.</summary>
    public static IServiceCollection AddLimitedGateway(this IServiceCollection services, GatewayOptions options) =>
        services.AddChunkStreamGateway(options).AddHostedService<GatewayLimit>();

    public static GatewayOptions OptionsFor(SiloOptions options)
    {
        var defaults = new GatewayOptions
        {
            DataDirectory = Path.Combine(options.DataDirectory, "gateway"),
            Volumes = [new() { Id = "volume", Path = Path.Combine(options.DataDirectory, "volume") }],
            MaxMbitPerSecond = options.GatewayMaxMbitPerSecond,
            Listener = new() { Congestion = options.GatewayCongestion },
        };
        return options.GatewayListen.Count == 0
            ? defaults
            : defaults with
            {
                Listen = [.. options.GatewayListen],
                Advertise = options.GatewayAdvertise.Count == 0 ? null : [.. options.GatewayAdvertise],
            };
    }
}
