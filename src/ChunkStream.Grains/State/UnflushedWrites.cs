namespace ChunkStream.Grains.State;

/// <summary>How the database is told that a write's commit needn't wait for the disk.</summary>
/// <param name="Before">Stands before the write's statement. A commit that waits for the disk takes those along that were before it.</param>
public sealed record UnflushedWrites(string Before);
