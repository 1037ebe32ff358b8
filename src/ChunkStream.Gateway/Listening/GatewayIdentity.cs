using System.Security.Cryptography;
using ChunkStream.Transport.Listeners;

namespace ChunkStream.Gateway.Listening;

/// <summary>What stays the same of a gateway over its restarts: its id, which plans name, and its certificate, which clients pin.</summary>
internal sealed class GatewayIdentity : IDisposable
{
    public GatewayIdentity(GatewayOptions options)
    {
        Directory.CreateDirectory(options.DataDirectory);
        string path = Path.Combine(options.DataDirectory, "gateway-id");
        if (!File.Exists(path)) File.WriteAllText(path, "gw-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        Id = File.ReadAllText(path).Trim();
        Certificate = GatewayCertificate.LoadOrCreate(Path.Combine(options.DataDirectory, "gateway.pfx"));
    }

    public string Id { get; }

    public GatewayCertificate Certificate { get; }

    public void Dispose() => Certificate.Dispose();
}
