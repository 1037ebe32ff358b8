using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk.Paths;

/// <summary>Tells the service what a call measured on its paths. Courtesy: it must not hold up or fail the call.</summary>
internal static class PathReports
{
    public static async Task SendAsync(IControlPlane control, IReadOnlyList<PathReport> reports, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            foreach (PathReport report in reports) await control.ReportPathAsync(report, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ChunkStreamException or OperationCanceledException)
        {
        }
    }
}
