using System.Buffers.Binary;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Sdk.Sending;

/// <summary>A file that is being sent. It must stay as it is until the service has it whole; that it did is checked.</summary>
internal sealed class FileSource : IDisposable
{
    private const int SampleBytes = 64 * 1024;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly DateTime _modifiedAt;

    private FileSource(string path, SafeFileHandle file)
    {
        (_path, _file) = (path, file);
        SizeBytes = RandomAccess.GetLength(file);
        _modifiedAt = File.GetLastWriteTimeUtc(file);
    }

    public long SizeBytes { get; }

    public string Name => Path.GetFileName(_path);

    /// <exception cref="ChunkStreamException"><c>source-unreadable</c>: there is no such file, it is a folder, or it may not be read.</exception>
    public static FileSource Open(string path)
    {
        if (Directory.Exists(path)) throw new ChunkStreamException(FailureCode.SourceUnreadable, $"'{path}' is a folder; send files one by one.");
        try
        {
            return new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ChunkStreamException(FailureCode.SourceUnreadable, $"'{path}' can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Names this content well enough to find its unfinished transfer again without reading it through: length, time of the last
    /// change, and the first and last 64 KiB. A file that changed in the middle unnoticed is found by its hash in the end.
    /// </summary>
    public string Fingerprint()
    {
        var hasher = new Blake3Hasher();
        Span<byte> stat = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(stat, SizeBytes);
        BinaryPrimitives.WriteInt64LittleEndian(stat[8..], _modifiedAt.Ticks);
        hasher.Update(stat);
        byte[] sample = new byte[SampleBytes];
        hasher.Update(sample.AsSpan(0, ReadSome(sample, 0)));
        hasher.Update(sample.AsSpan(0, ReadSome(sample, Math.Max(0, SizeBytes - SampleBytes))));
        return hasher.Finish().ToString();
    }

    /// <summary>Fills the buffers with the file's bytes from there on.</summary>
    /// <exception cref="ChunkStreamException"><c>file-changed</c> where the file has become shorter; <c>source-unreadable</c> where reading fails.</exception>
    public async ValueTask ReadAsync(long offsetBytes, IReadOnlyList<Memory<byte>> buffers, CancellationToken cancellationToken)
    {
        try
        {
            long wanted = buffers.Sum(buffer => (long)buffer.Length);
            long read = await RandomAccess.ReadAsync(_file, buffers, offsetBytes, cancellationToken).ConfigureAwait(false);
            if (read == wanted) return;
            // A vectored read may stop early at a signal or a page; what is left is read piece by piece.
            long from = 0;
            foreach (Memory<byte> buffer in buffers)
            {
                for (int filled = (int)Math.Clamp(read - from, 0, buffer.Length); filled < buffer.Length;)
                {
                    int more = await RandomAccess.ReadAsync(_file, buffer[filled..], offsetBytes + from + filled, cancellationToken).ConfigureAwait(false);
                    if (more == 0) throw Changed($"it ends at byte {offsetBytes + from + filled} of {SizeBytes}");
                    filled += more;
                }
                from += buffer.Length;
            }
        }
        catch (IOException exception)
        {
            throw new ChunkStreamException(FailureCode.SourceUnreadable, $"'{_path}' can't be read at byte {offsetBytes}: {exception.Message}", exception);
        }
    }

    /// <exception cref="ChunkStreamException"><c>file-changed</c>: length or time of change are no longer what they were.</exception>
    public void CheckUnchanged()
    {
        long size = RandomAccess.GetLength(_file);
        if (size != SizeBytes) throw Changed($"it had {SizeBytes} bytes and has {size}");
        DateTime modifiedAt = File.GetLastWriteTimeUtc(_file);
        if (modifiedAt != _modifiedAt) throw Changed($"it was last written at {_modifiedAt:O} and then at {modifiedAt:O}");
    }

    public ChunkStreamException Changed(string how) => new(FailureCode.FileChanged, $"'{_path}' changed while it was sent: {how}. Nothing of it was kept; send it again.");

    public void Dispose() => _file.Dispose();

    private int ReadSome(byte[] sample, long offsetBytes)
    {
        try
        {
            return RandomAccess.Read(_file, sample, offsetBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ChunkStreamException(FailureCode.SourceUnreadable, $"'{_path}' can't be read: {exception.Message}", exception);
        }
    }
}
