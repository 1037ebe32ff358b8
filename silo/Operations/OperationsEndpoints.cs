using ChunkStream.Silo.Sqlite;
using OpenTelemetry.Metrics;

namespace ChunkStream.Silo.Operations;

/// <summary>What operators and orchestrators ask a silo of its own: metrics, and whether it lives and is ready.</summary>
internal static class OperationsEndpoints
{
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("ChunkStream").AddPrometheusExporter());
        return services;
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", (IHostApplicationLifetime lifetime, SqliteStateDataSource database) => IsReady(lifetime, database)
            ? Results.Text("ready")
            : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable));
    }

    private static bool IsReady(IHostApplicationLifetime lifetime, SqliteStateDataSource database)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested) return false;
        try
        {
            using var connection = database.OpenConnection();
            return true;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            return false;
        }
    }
}
