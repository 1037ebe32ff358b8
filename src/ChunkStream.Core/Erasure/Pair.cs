namespace ChunkStream.Core.Erasure;

/// <summary>Two of a kind.</summary>
internal readonly record struct Pair<T>(T First, T Second);
