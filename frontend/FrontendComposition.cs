using ChunkStream.Core.Erasure;
using ChunkStream.Frontend.Bytes;
using ChunkStream.Frontend.Callers;
using ChunkStream.Frontend.Content;
using ChunkStream.Frontend.Describing;
using ChunkStream.Frontend.Endpoints;
using ChunkStream.Frontend.Keys;
using ChunkStream.Frontend.Problems;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Orleans;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ChunkStream.Frontend;

/// <summary>
/// The HTTP side of the service, the same in a process of its own and beside a silo. Needs an <see cref="IGrainFactory"/> from
/// whoever composes it, and keeps no state: any frontend answers any request.
/// </summary>
public static class FrontendComposition
{
    // Long enough for a name of 1,024 characters, percent-encoded, and for one that is much too long to get a proper answer.
    private const int MaxRequestLineBytes = 128 * 1024;
    private const long MaxCommandBytes = 1024 * 1024;

    /// <exception cref="OptionsValidationException">The options don't hold together; all reasons at once.</exception>
    /// <exception cref="ErasureSelfTestException">This machine would compute wrong parity for the files that are uploaded here.</exception>
    public static IHostApplicationBuilder AddChunkStreamFrontend(this IHostApplicationBuilder builder, FrontendOptions options) =>
        builder.AddChunkStreamFrontend(options, ReedSolomon.SelfTest);

    internal static IHostApplicationBuilder AddChunkStreamFrontend(this IHostApplicationBuilder builder, FrontendOptions options, Action selfTest)
    {
        selfTest();
        if (options.Problems() is { Count: > 0 } problems) throw new OptionsValidationException(nameof(FrontendOptions), typeof(FrontendOptions), problems);
        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        AddKeys(services);
        AddOwners(services, options);
        AddHttp(services);
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("chunkstream")).WithMetrics(metrics => metrics
            .AddMeter("ChunkStream").AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddPrometheusExporter());
        return builder;
    }

    public static WebApplication MapChunkStreamFrontend(this WebApplication app)
    {
        // A folder that can't be used is found at start and not at the first request.
        _ = app.Services.GetRequiredService<ApiKeys>();
        _ = app.Services.GetRequiredService<Spool>();

        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(StatusProblems.WriteAsync);
        app.UseAuthentication();
        app.UseAuthorization();

        RouteGroupBuilder api = app.MapGroup("/api/v1").RequireAuthorization();
        api.MapTransfers();
        api.MapFiles();
        api.MapPaths();
        api.MapGateways();

        app.MapHealth();
        app.MapMetrics(app.Services.GetRequiredService<FrontendOptions>().OpenMetrics);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapStartPage();
        return app;
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();
        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorization();
    }

    private static void AddOwners(IServiceCollection services, FrontendOptions options)
    {
        services.AddSingleton(_ => new Spool(options.Spool));
        services.TryAddSingleton<Func<string, IControlPlane>>(provider =>
            owner => new OrleansControlPlane(provider.GetRequiredService<IGrainFactory>(), owner));
        services.TryAddSingleton<Func<IControlPlane, IFileBytes>>(provider => control => new LaneFileBytes(
            control, new ChunkStreamClientOptions { Transport = options.Transport },
            provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CallerDirectory>();
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionProblems>();
        services.AddSingleton<StreamFaults>();
        services.ConfigureHttpJsonOptions(json => ControlJson.Configure(json.SerializerOptions));
        // Otherwise a body that can't be read is answered with a bare 400.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOpenApi(OpenApiDescription.DocumentName, OpenApiDescription.Configure);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxCommandBytes;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
    }
}
