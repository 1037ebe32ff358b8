namespace ChunkStream.Cli.Doctor;

/// <summary>How a check came out.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>It works, but not as well as it could.</summary>
    Warning,

    /// <summary>Files won't move until it is mended.</summary>
    Failed,
}
