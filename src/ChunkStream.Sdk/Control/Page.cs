namespace ChunkStream.Sdk.Control;

/// <summary>A page of a listing, newest first; <paramref name="Next"/> is the next page's <c>after</c>, null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, Guid? Next);
