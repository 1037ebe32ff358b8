namespace ChunkStream.Benchmarks.Loopback;

/// <summary>Where a service and its clients run.</summary>
/// <param name="Server">What the service's command line starts with: empty, or what enters a network namespace.</param>
/// <param name="Client">The same for its clients.</param>
/// <param name="Url">Where the service listens for commands.</param>
/// <param name="Gateways">Where it listens for chunks.</param>
internal sealed record Site(string[] Server, string[] Client, string Url, string[] Gateways);
