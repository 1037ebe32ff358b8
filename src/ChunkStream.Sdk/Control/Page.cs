namespace ChunkStream.Sdk.Control;

/// <summary>A page of a listing; <paramref name="Next"/> is the next page's <c>cursor</c>, null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
