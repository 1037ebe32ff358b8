using ChunkStream.Cli.Failures;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Verifying;

/// <summary>Opens what a verification reads and writes on this machine; what can't be opened is told with its name.</summary>
internal static class LocalFiles
{
    /// <exception cref="CliException"><c>source-unreadable</c>: there is no such file, it is a folder, or it may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        if (Directory.Exists(path)) throw new CliException(FailureCode.SourceUnreadable, $"'{Excerpt.Of(path)}' is a folder.");
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException(FailureCode.SourceUnreadable, $"'{Excerpt.Of(path)}' can't be read: {exception.Message}");
        }
    }

    /// <exception cref="CliException"><c>target-unwritable</c>: the folder isn't there, or the file may not be written.</exception>
    public static FileStream OpenLog(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException(FailureCode.TargetUnwritable, $"The records '{Excerpt.Of(path)}' can't be written: {exception.Message}");
        }
    }
}
