using System.ComponentModel;
using System.Diagnostics;

namespace ChunkStream.Cli.Bench;

/// <summary>The command <c>b3sum</c>, where it is installed.</summary>
internal static class B3Sum
{
    /// <summary>What it prints for a file, or null where there is no such command.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">How many threads; 0 is all.</param>
    public static string? Hash(string path, int threads)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("b3sum", ["--no-names", $"--num-threads={threads}", path])
            {
                RedirectStandardOutput = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
