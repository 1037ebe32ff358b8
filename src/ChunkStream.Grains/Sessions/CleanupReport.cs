namespace ChunkStream.Grains.Sessions;

/// <summary>What cleaning up did: completed and failed transfers that were forgotten, abandoned ones that expired, those paused whose client had gone.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.session.cleanup")]
internal sealed record CleanupReport(
    [property: Id(0)] int Completed, [property: Id(1)] int Failed, [property: Id(2)] int Expired, [property: Id(3)] int Stopped = 0);
