using Xunit;

namespace ChunkStream.Tests.Grains;

/// <summary>One silo for the tests that neither break nor restart it. They use ids and owners of their own.</summary>
public sealed class SharedSilo : IAsyncLifetime
{
    public TestSilo Silo { get; private set; } = null!;

    public async Task InitializeAsync() => Silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await Silo.DisposeAsync();
}
