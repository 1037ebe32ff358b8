using Xunit;

namespace ChunkStream.Tests.Frontend;

/// <summary>One frontend for the tests of a class, which run one after another and each start with an empty service.</summary>
public sealed class FrontendFixture : IAsyncLifetime
{
    private FrontendHost _host = null!;

    public async Task InitializeAsync() => _host = await FrontendHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    internal FrontendHost Fresh()
    {
        _host.Service.Reset();
        return _host;
    }
}
