namespace ChunkStream.Frontend.Content;

internal enum RangeKind
{
    Whole,
    Part,

    /// <summary>The file has none of the bytes that were asked for.</summary>
    Unsatisfiable,
}
