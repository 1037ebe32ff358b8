using ChunkStream.Storage.Local;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Tests.Storage.Local;

/// <summary>
/// The real disk, and beside it what a power failure would leave, as unkindly as a disk may: chunks get there only when they are flushed,
/// hashes at once. From the moment of the failure on nothing gets there.
/// </summary>
internal sealed class PowerlessDisk(string livePath, string survivingPath, int callsUntilFailure) : DiskCalls
{
    private readonly Lock _gate = new();
    private int _callsLeft = callsUntilFailure;

    public bool HasFailed
    {
        get
        {
            lock (_gate) return _callsLeft < 0;
        }
    }

    public override void Write(SafeFileHandle handle, string path, ReadOnlySpan<byte> bytes, long offsetBytes)
    {
        base.Write(handle, path, bytes, offsetBytes);
        lock (_gate)
        {
            if (_callsLeft-- <= 0 || path.EndsWith(".data", StringComparison.Ordinal)) return;
            using SafeFileHandle survivor = OpenSurvivor(path);
            RandomAccess.Write(survivor, bytes, offsetBytes);
        }
    }

    public override void Flush(SafeFileHandle handle, string path)
    {
        lock (_gate)
        {
            if (_callsLeft-- <= 0) return;
            byte[] bytes = new byte[RandomAccess.GetLength(handle)];
            Read(handle, path, bytes, 0);
            using SafeFileHandle survivor = OpenSurvivor(path);
            RandomAccess.Write(survivor, bytes, 0);
        }
    }

    private SafeFileHandle OpenSurvivor(string path) =>
        File.OpenHandle(Path.Combine(survivingPath, Path.GetRelativePath(livePath, path)), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}
