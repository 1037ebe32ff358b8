namespace ChunkStream.Abstractions.Paths;

/// <summary>A path's health over time. Keyed by owner, a bar and the path key. Written on a change of status and at most every 30 s.</summary>
[Alias("chunkstream.IPathGrain")]
public interface IPathGrain : IGrainWithStringKey
{
    [Alias("Report")]
    Task<PathInfo> ReportAsync(PathSample sample);

    [Alias("Get")]
    Task<PathInfo?> GetAsync();
}
