using System.Diagnostics;
using System.Globalization;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>The processor's time of processes, as the system counts it.</summary>
internal static class CpuTime
{
    // Clock ticks a second in /proc, on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>What a process has used so far, in seconds; 0 where it has ended.</summary>
    public static double Seconds(Process process)
    {
        try
        {
            // The name is in parentheses and may have blanks in it; user and system time are fields 14 and 15.
            string stat = File.ReadAllText($"/proc/{process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
