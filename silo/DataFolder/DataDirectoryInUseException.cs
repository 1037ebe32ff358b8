namespace ChunkStream.Silo.DataFolder;

/// <summary>Another process uses the data folder.</summary>
public sealed class DataDirectoryInUseException : IOException
{
    /// <param name="processId">The other process; null where it isn't known.</param>
    public DataDirectoryInUseException(string path, int? processId, Exception inner)
        : base($"Another service{(processId is { } pid ? $" (process {pid})" : "")} uses the data folder {path}. Stop it first, or choose another folder.", inner)
    {
        DataDirectory = path;
        ProcessId = processId;
    }

    public string DataDirectory { get; }

    public int? ProcessId { get; }
}
