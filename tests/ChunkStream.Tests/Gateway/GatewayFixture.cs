using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>One service for the tests of a class. What a test breaks, it heals.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private GatewayService? _service;

    internal GatewayService Service => _service!;

    public async Task InitializeAsync() => _service = await GatewayService.StartAsync();

    public async Task DisposeAsync() => await _service!.DisposeAsync();
}
