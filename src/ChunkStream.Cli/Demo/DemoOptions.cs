using ChunkStream.Sdk;

namespace ChunkStream.Cli.Demo;

/// <summary>What <c>demo</c> is told.</summary>
/// <param name="File">The file to send; null: generated data.</param>
/// <param name="SizeBytes">How much is generated.</param>
/// <param name="DataDirectory">The service's data folder, which is kept; null: a temporary one.</param>
/// <param name="Transport">What lanes run over.</param>
internal sealed record DemoOptions(string? File, long SizeBytes, string? DataDirectory, TransportChoice Transport);
