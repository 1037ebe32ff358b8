using System.Net;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Tests.Gateway;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Paths;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>A real service, a file to send, and clients whose network the test makes.</summary>
public sealed class PathsService : IAsyncLifetime, IDisposable
{
    /// <summary>The lanes of each of a client's paths.</summary>
    public const int TlsLanes = 2, QuicLanes = 4;

    private readonly TemporaryFolder _folder = new();
    private GatewayService? _service;

    internal GatewayService Gateway => _service!;

    /// <summary>6 MiB of random bytes: with chunks of 64 KiB ten stripes and 126 chunks.</summary>
    public string Source => _folder.Sub("source");

    public IPEndPoint GatewayEndPoint { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _service = await GatewayService.StartAsync();
        GatewayAddress gateway = (await _service.Control.ListGatewaysAsync(default)).Single().Address;
        GatewayEndPoint = IPEndPoint.Parse(gateway.Endpoints[0]);
    }

    public async Task DisposeAsync() => await _service!.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>A file that no test before has sent.</summary>
    public void Renew()
    {
        byte[] bytes = new byte[6 << 20];
        new Random().NextBytes(bytes);
        File.WriteAllBytes(Source, bytes);
    }

    internal ChunkStreamClient Client(
        IControlPlane control, TransportChoice transport = TransportChoice.Auto, ILocalAddresses? addresses = null, PathTiming? timing = null, Sayings? sayings = null) =>
        new(control, new() { Transport = transport, Addresses = addresses ?? new LocalAddresses(), Timing = timing ?? new(), TlsLanes = TlsLanes, QuicLanes = QuicLanes }, sayings);
}
