using System.Diagnostics;

namespace ChunkStream.Cli.Bench;

/// <summary>Measures speeds side by side: the contestants take turns, so that what else the machine does strikes them alike.</summary>
internal static class SpeedSamples
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(1); // Shorter than a time slice.

    /// <summary>The median speed of each action in GB (10^9 bytes) a second.</summary>
    /// <param name="bytes">How many bytes one call of an action takes.</param>
    /// <param name="runs">How many samples of each are taken: odd.</param>
    /// <param name="actions">What is measured.</param>
    public static double[] Medians(long bytes, int runs, params Action[] actions)
    {
        int[] calls = [.. actions.Select(WarmUp)];
        double[][] speeds = [.. actions.Select(_ => new double[runs])];
        for (int run = 0; run < runs; run++)
            for (int i = 0; i < actions.Length; i++)
                speeds[i][run] = bytes * (double)calls[i] / Seconds(actions[i], calls[i]) / 1e9;
        return [.. speeds.Select(Median)];
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    public static double Seconds(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Runs an action until it is compiled well, and says how many calls make a sample.</summary>
    private static int WarmUp(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        for (; calls < 3 || Stopwatch.GetElapsedTime(start) < s_warmUp; calls++) action();
        return Math.Max(1, (int)(calls * (s_sample / Stopwatch.GetElapsedTime(start))));
    }
}
