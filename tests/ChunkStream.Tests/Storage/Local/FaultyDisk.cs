using ChunkStream.Storage.Local;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Tests.Storage.Local;

/// <summary>The real disk, with a hook before each call: a hook may throw, wait or look. Hooks get the file's path.</summary>
internal sealed class FaultyDisk : DiskCalls
{
    private int _dataFlushes;

    public const int InputOutputError = 5;

    public Action<string>? BeforeOpen { get; set; }

    public Action<string>? BeforeCreate { get; set; }

    public Action<string>? BeforeRead { get; set; }

    public Action<string>? BeforeWrite { get; set; }

    public Action<string>? BeforeFlush { get; set; }

    /// <summary>Flushes of data files that began.</summary>
    public int DataFlushes => Volatile.Read(ref _dataFlushes);

    public static void Fail(string path) => throw new IOException($"Input/output error: {path}", InputOutputError);

    public override SafeFileHandle Open(string path)
    {
        BeforeOpen?.Invoke(path);
        return base.Open(path);
    }

    public override SafeFileHandle Create(string path, long lengthBytes)
    {
        BeforeCreate?.Invoke(path);
        return base.Create(path, lengthBytes);
    }

    public override int Read(SafeFileHandle handle, string path, Span<byte> buffer, long offsetBytes)
    {
        BeforeRead?.Invoke(path);
        return base.Read(handle, path, buffer, offsetBytes);
    }

    public override void Write(SafeFileHandle handle, string path, ReadOnlySpan<byte> bytes, long offsetBytes)
    {
        BeforeWrite?.Invoke(path);
        base.Write(handle, path, bytes, offsetBytes);
    }

    public override void Flush(SafeFileHandle handle, string path)
    {
        if (path.EndsWith(".data", StringComparison.Ordinal)) Interlocked.Increment(ref _dataFlushes);
        BeforeFlush?.Invoke(path);
        base.Flush(handle, path);
    }
}
