using System.Diagnostics;

namespace ChunkStream.Tests.Storage;

/// <summary>A real file system of a few MiB, in memory, that can be filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk(int sizeMiB)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={sizeMiB}m", "none", _folder.Path) is not { } problem) return;
        _folder.Dispose();
        throw new InvalidOperationException(problem);
    }

    /// <summary>Why a test can't have one here; null where it can.</summary>
    public static string? WhyNot { get; } = Probe();

    public string Path => _folder.Path;

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Takes all room that is left.</summary>
    public void Fill()
    {
        using FileStream filler = new(System.IO.Path.Combine(Path, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        while (FreeBytes >= page.Length) filler.Write(page);
    }

    public void Dispose()
    {
        if (Run("umount", _folder.Path) is { } problem) throw new InvalidOperationException(problem);
        _folder.Dispose();
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux()) return "a small file system is mounted on Linux only";
        try
        {
            new SmallDisk(1).Dispose();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return "a file system can't be mounted here: " + exception.Message;
        }
    }

    private static string? Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
