namespace ChunkStream.EndToEnd;

/// <summary>One service for the tests of a class.</summary>
public sealed class ServiceFixture : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private Service? _service;

    internal Service Service => _service!;

    public string DataDirectory => _folder["data"];

    public async Task InitializeAsync() => _service = await Service.StartAsync(DataDirectory);

    public async Task DisposeAsync() => await _service!.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
