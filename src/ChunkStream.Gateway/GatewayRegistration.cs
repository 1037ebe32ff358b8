using ChunkStream.Core.Erasure;
using ChunkStream.Gateway.Assembly;
using ChunkStream.Gateway.Bandwidth;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Gateway.Ingest;
using ChunkStream.Gateway.Listening;
using ChunkStream.Gateway.Receiving;
using ChunkStream.Gateway.Serving;
using ChunkStream.Storage;
using ChunkStream.Storage.Local;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway;

/// <summary>Adds a gateway to a silo's host.</summary>
public static class GatewayRegistration
{
    /// <summary>
    /// Adds the gateway's services. To be called after the silo's, so that the silo has started when the gateway announces itself and
    /// still runs when it leaves. Needs a <c>TicketAuthority</c> and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Options aren't allowed; the message names all of them.</exception>
    /// <exception cref="ErasureSelfTestException">This machine would compute wrong parity.</exception>
    public static IServiceCollection AddChunkStreamGateway(this IServiceCollection services, GatewayOptions options) =>
        services.AddChunkStreamGateway(options, ReedSolomon.SelfTest);

    internal static IServiceCollection AddChunkStreamGateway(this IServiceCollection services, GatewayOptions options, Action selfTest)
    {
        selfTest();
        string[] problems = [.. options.Problems()];
        if (problems.Length > 0) throw new ArgumentException("The gateway's options: " + string.Join(" ", problems), nameof(options));
        return services
            .AddSingleton(options)
            .AddSingleton<GatewayMetrics>()
            .AddSingleton<GatewayIdentity>()
            .AddSingleton<IShardStore>(provider => new LocalShardStore(options.Volumes, provider.GetRequiredService<ILogger<LocalShardStore>>()))
            // A buffer is as long as the longest chunk; the system gives it pages only as far as it is filled.
            .AddSingleton(new ChunkBufferPool(Core.Layout.FileLayout.MaxChunkBytes, options.BufferMiB))
            .AddSingleton(provider => new SharedBandwidth(
                BytesPerSecond(options.MaxMbitPerSecond), sharesUnlimited: false, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<TransferShares>()
            .AddSingleton<IncomingFiles>()
            .AddSingleton<ReceivingLanes>()
            .AddSingleton<StoredFiles>()
            .AddSingleton<ServingLanes>()
            .AddSingleton<StripeRebuilder>()
            .AddSingleton<FileAssembler>()
            .AddSingleton<FileScrubber>()
            .AddSingleton<TransferLanes>()
            .AddSingleton<LaneServer>()
            .AddSingleton<GatewayControl>()
            .AddSingleton<GatewayListeners>()
            .AddSingleton<StripeRepairer>()
            .AddHostedService(provider => provider.GetRequiredService<StripeRepairer>())
            .AddHostedService(provider => provider.GetRequiredService<GatewayListeners>())
            .AddHostedService<GatewayAnnouncer>();
    }

    /// <summary>Where the gateway of this host listens, for those who started it.</summary>
    public static IReadOnlyList<string> GatewayEndpoints(this IServiceProvider services) =>
        services.GetRequiredService<GatewayListeners>().Advertised;

    /// <summary>Changes <see cref="GatewayOptions.MaxMbitPerSecond"/> of the gateway of this host, at once and for lanes that run too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It isn't 0, for no limit, to 10,000,000.</exception>
    public static void LimitGateway(this IServiceProvider services, double maxMbitPerSecond)
    {
        if (!IsLimit(maxMbitPerSecond)) throw new ArgumentOutOfRangeException(nameof(maxMbitPerSecond), maxMbitPerSecond, "A limit is 0, for none, to 10000000 Mbit/s.");
        services.GetRequiredService<SharedBandwidth>().MaxBytesPerSecond = BytesPerSecond(maxMbitPerSecond);
    }

    internal static bool IsLimit(double maxMbitPerSecond) => maxMbitPerSecond is >= 0 and <= 1e7;

    // A limit that isn't zero doesn't become none by rounding.
    private static long BytesPerSecond(double mbitPerSecond) => (long)Math.Ceiling(mbitPerSecond * 125_000);
}
