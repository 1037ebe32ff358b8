using System.Net.Http.Headers;
using ChunkStream.Frontend;
using ChunkStream.Frontend.Bytes;
using ChunkStream.Frontend.Keys;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Tests.Frontend;

/// <summary>A real frontend on a real Kestrel and a free port, over <see cref="FakeService"/>.</summary>
internal sealed class FrontendHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FrontendHost(WebApplication app, FakeService service, string dataDirectory, string apiKey)
    {
        (_app, Service, DataDirectory, ApiKey) = (app, service, dataDirectory, apiKey);
        Url = new(app.Urls.Single());
        Http = Client(apiKey);
    }

    public FakeService Service { get; }
    public string DataDirectory { get; }
    public string ApiKey { get; }
    public Uri Url { get; }

    /// <summary>Presents the data folder's key.</summary>
    public HttpClient Http { get; }

    public string SpoolDirectory => Path.Combine(DataDirectory, "spool");

    public static Task<FrontendHost> StartAsync(params ApiKeyEntry[] keys) => StartAsync(null, keys);

    /// <param name="plane">What stands behind the frontend in place of the fake service, for each owner.</param>
    public static async Task<FrontendHost> StartAsync(Func<string, IControlPlane>? plane, params ApiKeyEntry[] keys)
    {
        string data = Directory.CreateTempSubdirectory("chunkstream-frontend-").FullName;
        string apiKey = ApiKeyFile.Ensure(data);
        var service = new FakeService();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(plane ?? (owner => new FakeControlPlane(service, owner)));
        if (plane is null) builder.Services.AddSingleton<Func<IControlPlane, IFileBytes>>(control => new FakeFileBytes((FakeControlPlane)control));
        builder.AddChunkStreamFrontend(new FrontendOptions { DataDirectory = data, ApiKeys = [.. keys] });
        WebApplication app = builder.Build();
        app.MapChunkStreamFrontend();
        await app.StartAsync();
        return new(app, service, data, apiKey);
    }

    public HttpClient Client(string? apiKey)
    {
        var client = new HttpClient { BaseAddress = Url };
        if (apiKey is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }
}
