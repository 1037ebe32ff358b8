using ChunkStream.Silo;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChunkStream.Tests.Silo;

/// <summary>What is wrong with a database's settings is told with the setting, its value and what is allowed, and without the password.</summary>
public sealed class DatabaseOptionsTests
{
    [Theory]
    [InlineData("mysql", "", "Database:Provider is 'mysql'", "sqlite or postgresql")]
    [InlineData("PostgreSQL", "", "Database:Provider is 'PostgreSQL'", "sqlite or postgresql")]
    [InlineData("postgresql", " ", "Database:ConnectionString is empty", "Host=")]
    [InlineData("postgresql", "Database=x;Password=geheim", "Database:ConnectionString", "Host is missing")]
    [InlineData("postgresql", "Host=x;Hust=y;Password=geheim", "Database:ConnectionString", "hust")]
    [InlineData("postgresql", "Host=x;Port=many;Password=geheim", "Database:ConnectionString", "Port")]
    [InlineData("postgresql", "Host=x;Pooling=false;Password=geheim", "Database:ConnectionString", "Pooling is false")]
    [InlineData("sqlite", "Host=x;Password=geheim", "Database:ConnectionString is set", "postgresql")]
    public void A_wrong_setting_is_named(string provider, string connectionString, string named, string allowed)
    {
        OptionsValidationException refusal = Refusal(new() { DataDirectory = "x", Database = new() { Provider = provider, ConnectionString = connectionString } });
        Assert.Single(refusal.Failures);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("geheim", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_an_ip_address() =>
        Assert.Contains("Address is 'localhost'", Refusal(new() { DataDirectory = "x", Address = "localhost" }).Message, StringComparison.Ordinal);

    private static OptionsValidationException Refusal(SiloOptions options) => Assert.Throws<OptionsValidationException>(
        () => new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true }).AddChunkStreamSilo(options));
}
