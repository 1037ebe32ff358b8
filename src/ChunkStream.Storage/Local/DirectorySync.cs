using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ChunkStream.Storage.Local;

/// <summary>
/// Makes the names in a directory durable. On Linux a flushed file whose directory wasn't flushed may be gone after a power
/// failure; elsewhere the file system keeps the order and this does nothing.
/// </summary>
internal static partial class DirectorySync
{
    // O_RDONLY | O_CLOEXEC: these have the same value on every Linux architecture, which O_DIRECTORY has not.
    private const int OpenToRead = 0x80000;

    /// <exception cref="IOException">The directory isn't there or can't be flushed.</exception>
    public static void Flush(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        int descriptor = Open(path, OpenToRead);
        if (descriptor < 0) throw LastError("open", path);
        try
        {
            if (Fsync(descriptor) != 0) throw LastError("flush", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException LastError(string doing, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new($"Can't {doing} the directory {path}: {new Win32Exception(error).Message}.", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
