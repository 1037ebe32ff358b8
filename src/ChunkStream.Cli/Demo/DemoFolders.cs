using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Parsing;
using ChunkStream.Core.Failures;

namespace ChunkStream.Cli.Demo;

/// <summary>Where the demonstration keeps the service's data and its own files. What wasn't asked to be kept is deleted.</summary>
internal sealed class DemoFolders : IDisposable
{
    // Source, the chunks with their parity, and the copy that comes back; a little more for the rest.
    private const double TimesTheSize = 3.5;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _own;

    public DemoFolders(string? dataDirectory)
    {
        string? beside = dataDirectory is null ? null : Path.GetFullPath(dataDirectory);
        _own = beside is null
            ? Directory.CreateTempSubdirectory("chunkstream-demo-").FullName
            : Path.Combine(beside, $"demo-{Guid.NewGuid():N}");
        // Made here before the service could make it, and as private as the service would have.
        if (beside is not null && !OperatingSystem.IsWindows()) Directory.CreateDirectory(beside, OwnerOnly);
        Directory.CreateDirectory(_own);
        Data = beside ?? Path.Combine(_own, "data");
    }

    public string Data { get; }

    public string Source => Path.Combine(_own, "source");

    public string Received => Path.Combine(_own, "received");

    /// <summary>Finds out before the first byte whether the disk has room.</summary>
    public void CheckRoomFor(long sizeBytes)
    {
        long free = new DriveInfo(_own).AvailableFreeSpace, needed = (long)Math.Min(long.MaxValue, sizeBytes * TimesTheSize);
        if (needed > free)
            throw new CliException(
                FailureCode.StoreFull,
                $"The demonstration of {SizeText.Format(sizeBytes)} needs {SizeText.Format(needed)} on the disk of {_own}, which has {SizeText.Format(free)}. --size and --data help.");
    }

    public void Dispose() => Directory.Delete(_own, recursive: true);
}
