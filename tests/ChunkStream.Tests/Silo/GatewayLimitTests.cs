using ChunkStream.Gateway;
using ChunkStream.Silo;
using ChunkStream.Silo.DataFolder;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Bandwidth;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ChunkStream.Tests.Silo;

public sealed class GatewayLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SharedBandwidth _bandwidth = new(1_250_000, sharesUnlimited: false, TimeProvider.System);

    [Fact]
    public async Task The_limit_follows_the_settings_in_the_data_folder()
    {
        IConfigurationRoot configuration = Configuration();
        await using ServiceProvider services = new ServiceCollection().AddSingleton(_bandwidth).BuildServiceProvider();
        GatewayLimit limit = new(configuration, Options(), services, NullLogger<GatewayLimit>.Instance);
        await limit.StartAsync(default);
        Assert.Equal(1_250_000, _bandwidth.MaxBytesPerSecond);

        // Loaded again by hand: that the file is looked at is the provider's part.
        foreach (var (text, bytesPerSecond) in ((string, long)[])
            [("80", 10_000_000), ("\"0.5\"", 62_500), ("0", 0), ("-1", 0), ("\"fast\"", 0), ("20", 2_500_000), ("1e99", 2_500_000), ("null", 1_250_000)])
        {
            Write($$"""{ "Silo": { "GatewayMaxMbitPerSecond": {{text}} } }""");
            configuration.Reload();
            Assert.Equal(bytesPerSecond, _bandwidth.MaxBytesPerSecond);
        }
        Write("{ \"Silo\": { \"Gateway");
        configuration.Reload();
        Assert.Equal(1_250_000, _bandwidth.MaxBytesPerSecond);

        await limit.StopAsync(default);
        Write("""{ "Silo": { "GatewayMaxMbitPerSecond": 8 } }""");
        configuration.Reload();
        Assert.Equal(1_250_000, _bandwidth.MaxBytesPerSecond);
    }

    [Fact]
    public async Task The_file_is_looked_at_while_the_service_runs()
    {
        IConfigurationRoot configuration = Configuration();

        Write("""{ "Silo": { "GatewayMaxMbitPerSecond": 8 } }""");

        await Soon.TrueAsync("the settings to be loaded again", () => configuration[GatewayLimit.Key] == "8");
    }

    public void Dispose() => _folder.Dispose();

    private IConfigurationRoot Configuration()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddLiveSettings(_folder.Path);
        return configuration.Build();
    }

    private void Write(string text) => File.WriteAllText(_folder.Sub(LiveSettings.FileName), text);

    private GatewayOptions Options() => new() { DataDirectory = _folder.Path, Volumes = [], MaxMbitPerSecond = 10 };
}
