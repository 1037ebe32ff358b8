using System.Globalization;
using ChunkStream.Gateway;
using Microsoft.Extensions.Primitives;

namespace ChunkStream.Silo;

/// <summary>
/// Keeps the gateway's limit at what the configuration says under <see cref="Key"/>, whenever it is loaded again; where it says nothing,
/// at what the gateway was started with.
/// </summary>
internal sealed partial class GatewayLimit(
    IConfiguration configuration, GatewayOptions options, IServiceProvider services, ILogger<GatewayLimit> logger) : IHostedService
{
    public const string Key = $"Silo:{nameof(SiloOptions.GatewayMaxMbitPerSecond)}";

    private IDisposable? _following;
    private double _current = options.MaxMbitPerSecond;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Follow();
        _following = ChangeToken.OnChange(configuration.GetReloadToken, Follow);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _following?.Dispose();
        return Task.CompletedTask;
    }

    private void Follow()
    {
        string? text = configuration[Key];
        double wanted = options.MaxMbitPerSecond;
        if (!string.IsNullOrWhiteSpace(text) && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out wanted)) wanted = double.NaN;
        if (wanted == _current) return;
        try
        {
            services.LimitGateway(wanted);
            _current = wanted;
            LogLimited(wanted);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            LogRefused(text, _current, exception.Message);
        }
    }
}
