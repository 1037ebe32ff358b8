namespace ChunkStream.Sdk;

/// <summary>What one path carried during a call.</summary>
/// <param name="Key">Local address, gateway endpoint and kind, such as <c>192.0.2.1&gt;198.51.100.7:7071/quic</c>.</param>
/// <param name="Transport"><c>quic</c> or <c>tls</c>.</param>
/// <param name="Chunks">Chunks delivered.</param>
/// <param name="Bytes">Their bytes, parity included.</param>
/// <param name="RoundTrip">The shortest round trip seen.</param>
public sealed record PathSummary(string Key, string Transport, long Chunks, long Bytes, TimeSpan RoundTrip);
