namespace ChunkStream.Frontend.Bytes;

/// <summary>Knows a full disk by the system's error number, which is all that an <see cref="IOException"/> says about it.</summary>
internal static class DiskFull
{
    private const int Enospc = 28;
    private const int Edquot = 122;
    private const int ErrorHandleDiskFull = unchecked((int)0x80070027);
    private const int ErrorDiskFull = unchecked((int)0x80070070);

    public static bool Is(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is ErrorDiskFull or ErrorHandleDiskFull
        : exception.HResult is Enospc or Edquot;
}
