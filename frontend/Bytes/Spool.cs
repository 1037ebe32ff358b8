using System.Buffers;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;

namespace ChunkStream.Frontend.Bytes;

/// <summary>
/// Where the body of a <c>PUT</c> rests until it is stored. It can't be streamed on as it comes: chunks are erased from the sender
/// only once they are committed, a lane that breaks has its chunks sent again, and an HTTP body can be read only once. Memory is one
/// buffer a body; disk is the body's length, and given back when the request ends, however it ends.
/// </summary>
internal sealed class Spool
{
    private const int BufferBytes = 1 << 20;
    private const string Extension = ".body";

    private readonly string _directory;

    public Spool(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        RemoveLeftovers();
    }

    /// <summary>Takes a whole body in. <paramref name="lengthBytes"/> is what the client announced, or null.</summary>
    /// <exception cref="ChunkStreamException"><c>store-full</c>: there is no room for it.</exception>
    public async Task<SpooledBody> TakeAsync(Stream body, long? lengthBytes, CancellationToken cancellationToken)
    {
        if (lengthBytes is { } length && FreeBytes() is { } free && length > free)
            throw new ChunkStreamException(FailureCode.StoreFull, $"The body has {length} bytes; the spool has room for {free}.");
        FileStream file = Open(Path.Combine(_directory, Guid.NewGuid().ToString("N") + Extension));
        try
        {
            await CopyAsync(body, file, cancellationToken);
            return new SpooledBody(file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task CopyAsync(Stream body, FileStream file, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
                await WriteAsync(file, buffer.AsMemory(0, read), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Apart from reading, so that a full disk isn't taken for a client that went away, nor the other way round.
    internal static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw DiskFull.Is(exception)
                ? new ChunkStreamException(FailureCode.StoreFull, "The spool's disk is full; the file was not stored.", exception)
                : new ChunkStreamException(FailureCode.StoreFailed, "The spool can't be written; the file was not stored.", exception);
        }
    }

    // The handle stays open until the body is stored: it is the lock by which a cleaning process knows that the file is in use, and
    // closing it deletes the file.
    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Share = FileShare.Read | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        BufferSize = 0,
    });

    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(_directory)).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // What a killed process left behind. A file that is in use can't be opened exclusively, and stays.
    private void RemoveLeftovers()
    {
        foreach (string path in Directory.EnumerateFiles(_directory, "*" + Extension))
        {
            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another frontend's, in use.
            }
        }
    }
}
