using System.Globalization;
using System.Security.Cryptography;
using ChunkStream.Abstractions.Tickets;

namespace ChunkStream.Silo.DataFolder;

/// <summary>
/// The service's data folder, held by this process alone until it is disposed. The operating system gives the lock back when a
/// process dies, however it dies.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream lockFile) => (Path, _lock) = (path, lockFile);

    public string Path { get; }

    public string StateDatabasePath => System.IO.Path.Combine(Path, "state.db");

    /// <summary>Takes the folder, and makes it where it doesn't exist, for its owner alone.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process uses it.</exception>
    /// <exception cref="IOException">It can't be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

        // The lock file can't be read while it is locked, hence the process id in a file of its own.
        string pidPath = System.IO.Path.Combine(path, "service.pid");
        FileStream lockFile;
        try
        {
            lockFile = new(System.IO.Path.Combine(path, "service.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            throw new DataDirectoryInUseException(path, ReadPid(pidPath), exception);
        }
        try
        {
            File.WriteAllText(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(path, lockFile);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>The key that tickets are signed with; made on first use, readable by its owner alone.</summary>
    /// <exception cref="InvalidDataException">The key file doesn't hold a key.</exception>
    public byte[] ReadOrCreateTicketKey()
    {
        string path = System.IO.Path.Combine(Path, "ticket.key");
        if (!File.Exists(path)) CreateKey(path);
        byte[] key = File.ReadAllBytes(path);
        return key.Length >= TicketAuthority.KeyBytes
            ? key
            : throw new InvalidDataException($"The ticket key {path} has {key.Length} bytes; it needs {TicketAuthority.KeyBytes}. Delete it to have a new one made; running clients then ask for new tickets.");
    }

    public void Dispose() => _lock.Dispose();

    // Under another name first: a crash in between leaves no half key.
    private static void CreateKey(string path)
    {
        string newPath = path + ".new";
        File.Delete(newPath);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (FileStream file = new(newPath, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(TicketAuthority.KeyBytes));
            file.Flush(flushToDisk: true);
        }
        File.Move(newPath, path);
    }

    private static int? ReadPid(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
