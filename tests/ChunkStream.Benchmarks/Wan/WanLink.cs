namespace ChunkStream.Benchmarks.Wan;

/// <summary>One emulated link; it has a path of its own.</summary>
/// <param name="RoundTripMs">The round trip, without queues.</param>
/// <param name="Loss">The share of packets that is lost, each way.</param>
/// <param name="RateMbit">Mbit/s, counted in IP bytes.</param>
internal sealed record WanLink(double RoundTripMs, double Loss, double RateMbit);
