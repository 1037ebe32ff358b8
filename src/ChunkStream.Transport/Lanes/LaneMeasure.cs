namespace ChunkStream.Transport.Lanes;

/// <summary>What the system itself measured on a lane's connection since it was opened.</summary>
/// <param name="RoundTrip">Smoothed.</param>
/// <param name="SentSegments">Packets sent, each time counted.</param>
/// <param name="LostSegments">Packets sent again.</param>
/// <param name="Silence">For how long nothing has come from the other side, not even that it has something.</param>
public readonly record struct LaneMeasure(TimeSpan RoundTrip, long SentSegments, long LostSegments, TimeSpan Silence);
