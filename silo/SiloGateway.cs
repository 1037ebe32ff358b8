using ChunkStream.Gateway;

namespace ChunkStream.Silo;

/// <summary>The gateway that a silo hosts, on the silo's own data folder.</summary>
public static class SiloGateway
{
    public static GatewayOptions OptionsFor(SiloOptions options)
    {
        var defaults = new GatewayOptions
        {
            DataDirectory = Path.Combine(options.DataDirectory, "gateway"),
            Volumes = [new() { Id = "volume", Path = Path.Combine(options.DataDirectory, "volume") }],
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
