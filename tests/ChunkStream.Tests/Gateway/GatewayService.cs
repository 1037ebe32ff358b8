using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Orleans;
using ChunkStream.Silo;
using ChunkStream.Storage;
using ChunkStream.Storage.Local;
using ChunkStream.Tests.Grains;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>
/// A real silo and a real gateway in this process, with a store and a database that can fail, and a clock whose timeouts of lanes
/// the test lets fire.
/// </summary>
internal sealed class GatewayService : IAsyncDisposable
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(7.25);
    public static readonly TimeSpan LaneTimeout = TimeSpan.FromSeconds(61.25);
    public static readonly TimeSpan ClientGoneAfter = TimeSpan.FromSeconds(31.25);

    private readonly TemporaryFolder _folder;
    private readonly IHost _host;

    private GatewayService(TemporaryFolder folder, IHost host, GatedTime time)
    {
        (_folder, _host, Time) = (folder, host, time);
        Control = new OrleansControlPlane(Grains, "tester");
        Store = (FaultyShardStore)host.Services.GetRequiredService<IShardStore>();
        Storage = (FaultyStorage)host.Services.GetRequiredKeyedService<IGrainStorage>("Default");
    }

    public GatedTime Time { get; }

    public OrleansControlPlane Control { get; }

    public FaultyShardStore Store { get; }

    public FaultyStorage Storage { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public TicketAuthority Tickets => _host.Services.GetRequiredService<TicketAuthority>();

    /// <summary>The key that the tickets are signed with.</summary>
    public byte[] TicketKey => File.ReadAllBytes(_folder.Sub("ticket.key"));

    public string VolumePath => _folder.Sub("volume");

    public static async Task<GatewayService> StartAsync()
    {
        var folder = new TemporaryFolder();
        var time = new GatedTime(HandshakeTimeout, LaneTimeout, ClientGoneAfter);
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddChunkStreamSilo(new() { DataDirectory = folder.Path });
        var options = new GatewayOptions
        {
            DataDirectory = folder.Path,
            Volumes = [new() { Id = "main", Path = folder.Sub("volume") }],
            Listen = ["127.0.0.1:0"],
            CommitInterval = TimeSpan.FromMilliseconds(5),
            HandshakeTimeout = HandshakeTimeout,
            LaneTimeout = LaneTimeout,
            ClientGoneAfter = ClientGoneAfter,
        };
        builder.Services.AddChunkStreamGateway(options);
        builder.Services.AddSingleton<IShardStore>(new FaultyShardStore(new LocalShardStore(options.Volumes, NullLogger.Instance)));
        ServiceDescriptor storage = builder.Services.Single(service => service.ServiceType == typeof(IGrainStorage) && service.ServiceKey is "Default");
        builder.Services.Remove(storage);
        builder.Services.AddKeyedSingleton<IGrainStorage>(
            "Default", (provider, key) => new FaultyStorage((IGrainStorage)storage.KeyedImplementationFactory!(provider, key)));
        IHost host = builder.Build();
        await host.StartAsync();
        return new(folder, host, time);
    }

    public void Heal()
    {
        (Store.OnOpen, Store.OnWrite, Store.OnRead, Store.OnFlush, Store.BeforeFlush) = (null, null, null, null, null);
        Storage.Heal();
    }

    /// <summary>Opens a transfer of a file of random bytes: by default two stripes of 2 + 1 chunks of 64 KiB, the last one short.</summary>
    public async Task<GatewayTransfer> OpenAsync(long sizeBytes = 3 * FileLayout.MinChunkBytes + 100, int dataShards = 2, int parityShards = 1, ParityMode parity = ParityMode.Full)
    {
        Opening opening = await Control.CreateTransferAsync(
            new()
            {
                Direction = TransferDirection.Send,
                Name = "file.bin",
                SizeBytes = sizeBytes,
                ChunkBytes = FileLayout.MinChunkBytes,
                DataShards = dataShards,
                ParityShards = parityShards,
                Parity = parity,
            },
            default);
        return new(this, opening);
    }

    /// <summary>A lane to the gateway that hasn't said anything yet.</summary>
    public async Task<ClientLane> DialAsync(LaneKind kind)
    {
        GatewayAddress gateway = (await Control.ListGatewaysAsync(default)).Single().Address;
        Assert.True(PathAddress.TryParseEndPoint(gateway.Endpoints[0], out var endPoint));
        var dialer = new PathDialer(kind == LaneKind.Quic ? LaneChoice.Quic : LaneChoice.Tls, NullLogger<PathDialer>.Instance, TimeProvider.System);
        IPathConnection path = await Soon.DoneAsync("the dial", dialer.DialAsync(new(null, endPoint!, gateway.SpkiSha256, gateway.HasQuic), default));
        return new(path, await path.OpenLaneAsync(default));
    }

    /// <summary>A lane that has shown this ticket.</summary>
    public async Task<ClientLane> DialAsync(LaneKind kind, string ticket)
    {
        ClientLane lane = await DialAsync(kind);
        await lane.HelloAsync(ticket);
        return lane;
    }

    /// <summary>Whatever a test did to the gateway: who means well is served, from the ticket to the commit.</summary>
    public async Task AssertUsableAsync(LaneKind kind)
    {
        GatewayTransfer transfer = await OpenAsync();
        await using ClientLane lane = await DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        ChunkIndex index = new(1, 0);
        await lane.SendAsync(transfer, index);
        Assert.Equal([index], await lane.UntilCommittedAsync(transfer, index));
        Assert.Equal([index], await transfer.CommittedAsync());
    }

    public ChunkStreamClient Client(TransportChoice transport) => new(Control, new() { Transport = transport });

    public ISessionGrain Session(Guid sessionId) => Grains.GetGrain<ISessionGrain>(sessionId);

    public async ValueTask DisposeAsync()
    {
        Heal();
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
        _folder.Dispose();
    }
}
