using ChunkStream.Core.Failures;

namespace ChunkStream.Storage.Local;

/// <summary>What the operating system's errors mean to the store. On Unix an exception's HResult is the bare errno.</summary>
internal static class DiskErrors
{
    public const int NoSpace = 28;
    public const int InputOutput = 5;

    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededBsd = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsCrc = unchecked((int)0x80070017);
    private const int WindowsIoDevice = unchecked((int)0x8007045D);

    public static bool IsDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static bool IsAbsent(Exception exception) => exception is FileNotFoundException or DirectoryNotFoundException;

    public static bool IsFull(Exception exception) =>
        exception is IOException { HResult: NoSpace or QuotaExceededLinux or QuotaExceededBsd or WindowsDiskFull or WindowsHandleDiskFull };

    /// <summary>The medium can't give these bytes back: the same as bytes that went bad.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is IOException { HResult: InputOutput or WindowsCrc or WindowsIoDevice };

    /// <param name="cause">What the disk said.</param>
    /// <param name="volume">Where.</param>
    /// <param name="doing">What couldn't be done: "write chunk (1, 2)".</param>
    /// <param name="neededBytes">The room that it takes.</param>
    public static StoreException ToStoreException(Exception cause, Volume volume, string doing, long neededBytes = 0) => cause switch
    {
        StoreException exception => exception,
        _ when IsFull(cause) => Full(volume, doing, neededBytes, cause),
        _ => new(FailureCode.StoreFailed, $"Volume '{volume.Id}' can't {doing}: {cause.Message}", cause),
    };

    public static StoreException Full(Volume volume, string doing, long neededBytes, Exception? cause = null)
    {
        string available;
        try
        {
            available = $"{volume.Measure().FreeBytes}";
        }
        catch (Exception exception) when (IsDisk(exception))
        {
            available = "an unknown number of";
        }
        return new(FailureCode.StoreFull, $"Volume '{volume.Id}' is too full to {doing}: that needs {neededBytes} bytes and {available} bytes are available.", cause);
    }
}
