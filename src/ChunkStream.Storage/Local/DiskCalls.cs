using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Storage.Local;

/// <summary>The calls that a shard makes to the disk, and nothing more: the place where tests make a disk fail.</summary>
internal class DiskCalls
{
    // COR_E_IO. The runtime says that blocks couldn't be reserved in words, without the system's error number.
    private const int UnspecificError = unchecked((int)0x80131620);

    /// <exception cref="FileNotFoundException">There is no such file; where there is no such folder it is a <see cref="DirectoryNotFoundException"/>.</exception>
    public virtual SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>
    /// Makes a file of this length and reserves its blocks, so that a full disk shows now and not in the middle of a transfer. Reserving
    /// writes nothing: on Linux it is <c>fallocate</c>, milliseconds for a terabyte; a file system without it gives a sparse file.
    /// </summary>
    /// <exception cref="IOException">It doesn't fit (nothing is left behind), or it is there.</exception>
    public virtual SafeFileHandle Create(string path, long lengthBytes)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, lengthBytes);
        }
        catch (IOException exception) when (exception.HResult == UnspecificError)
        {
            throw new IOException(exception.Message, DiskErrors.NoSpace);
        }
        try
        {
            RandomAccess.SetLength(handle, lengthBytes);
            return handle;
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Reads until the buffer or the file ends and returns how many bytes that were.</summary>
    public virtual int Read(SafeFileHandle handle, string path, Span<byte> buffer, long offsetBytes)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], offsetBytes + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public virtual void Write(SafeFileHandle handle, string path, ReadOnlySpan<byte> bytes, long offsetBytes) =>
        RandomAccess.Write(handle, bytes, offsetBytes);

    /// <summary>Returns once the file's bytes survive a power failure.</summary>
    public virtual void Flush(SafeFileHandle handle, string path) => RandomAccess.FlushToDisk(handle);
}
