using System.Diagnostics;
using ChunkStream.Core.Erasure;

namespace ChunkStream.Cli.Bench;

/// <summary>
/// Encoding 10+3 and rebuilding 3 lost data chunks, in gigabytes of data a second on one core, beside ISA-L's <c>ec_encode_data</c> on the
/// same chunks: the installed one, and another one whose path CHUNKSTREAM_BENCH_LIBISAL_NEW gives.
/// </summary>
internal static class ErasureBench
{
    private const string NewerIsaLVariable = "CHUNKSTREAM_BENCH_LIBISAL_NEW";
    private const long CacheRunBytes = 512L << 20;
    private const long WorkingSetBytes = 512L << 20;
    private const int Runs = 9;
    private const string Unit = "GB/s";

    private static string? NewerIsaLPath => Environment.GetEnvironmentVariable(NewerIsaLVariable);

    /// <param name="cancellationToken">Looked at between the parts.</param>
    public static IReadOnlyList<BenchRow> Run(CancellationToken cancellationToken)
    {
        // The installed one first: the loader takes a library of the same name that is there already for it.
        IsaL? installed = IsaL.Installed;
        IsaL? newer = NewerIsaLPath is { Length: > 0 } path ? IsaL.Load(path) : null;

        List<BenchRow> rows = [];
        foreach (int chunkBytes in (int[])[256 * 1024, 1024 * 1024])
        {
            foreach (bool inCache in (bool[])[true, false])
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var stripes = new BenchStripes(chunkBytes, inCache ? chunkBytes : WorkingSetBytes);
                string where = $"{chunkBytes / 1024} KiB chunks, {(inCache ? "in cache" : "512 MiB of them")}";
                Compare(rows, $"encode 10+3, {where}", stripes, stripes.Encode, stripes.PreparePeerEncode, installed, newer);
                Compare(rows, $"rebuild 3 of 10+3, {where}", stripes, stripes.Rebuild, stripes.PreparePeerRebuild, installed, newer);
            }
        }

        AddKernels(rows);
        AddAllocation(rows);
        return rows;
    }

    private static void Compare(
        List<BenchRow> rows,
        string name,
        BenchStripes stripes,
        Action<int> ours,
        Func<IsaL, Action<int>> preparePeer,
        IsaL? installed,
        IsaL? newer)
    {
        List<Action<int>> actions = [ours];
        if (installed is not null) actions.Add(preparePeer(installed));
        if (newer is not null) actions.Add(preparePeer(newer));
        double[] gigabytes = Measure(stripes, actions);
        int next = 1;
        rows.Add(installed is null
            ? new(name, gigabytes[0], Unit, Why: "no peer: libisal.so.2 can't be loaded (Debian's package libisal2)")
            : Row(name, gigabytes[0], "ISA-L as installed", gigabytes[next++]));
        rows.Add(newer is null
            ? new($"{name}, beside a newer ISA-L", null, Unit, Why: NewerIsaLVariable + " doesn't name a library that can be loaded")
            : Row($"{name}, beside a newer ISA-L", gigabytes[0], Path.GetFileName(NewerIsaLPath!), gigabytes[next]));
    }

    private static BenchRow Row(string name, double value, string peer, double peerValue) =>
        new(name, value, Unit, peer, peerValue, value / peerValue, Goal: 1.0, Met: value >= peerValue);

    private static void AddKernels(List<BenchRow> rows)
    {
        const int ChunkBytes = 256 * 1024;
        using var stripes = new BenchStripes(ChunkBytes, ChunkBytes);
        double[] gigabytes = Measure(stripes, [.. ErasureKernels.Supported.Select(stripes.PrepareEncode)]);
        for (int i = 0; i < gigabytes.Length; i++)
            rows.Add(new($"encode 10+3, 256 KiB chunks, in cache, kernel {ErasureKernels.Supported[i].Name}", gigabytes[i], Unit));
    }

    private static void AddAllocation(List<BenchRow> rows)
    {
        const int ChunkBytes = 64 * 1024;
        using var stripes = new BenchStripes(ChunkBytes, ChunkBytes);
        for (int i = 0; i < 100; i++) Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) Both();
        double bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
        rows.Add(new("encode and rebuild a stripe: allocated", bytes, "B", Goal: 0, Met: bytes == 0));

        void Both()
        {
            stripes.Encode(0);
            stripes.Rebuild(0);
        }
    }

    // Medians, in turns, so that what else the machine does falls on all of them.
    private static double[] Measure(BenchStripes stripes, List<Action<int>> actions)
    {
        int rounds = (int)Math.Max(1, CacheRunBytes / (stripes.DataBytes * stripes.Count));
        double[][] gigabytes = [.. actions.Select(_ => new double[Runs])];
        for (int run = -1; run < Runs; run++)
        {
            for (int i = 0; i < actions.Count; i++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int round = 0; round < rounds; round++)
                {
                    for (int stripe = 0; stripe < stripes.Count; stripe++) actions[i](stripe);
                }
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

                // The first run only warms up.
                if (run >= 0) gigabytes[i][run] = (double)stripes.DataBytes * stripes.Count * rounds / seconds / 1e9;
            }
        }
        return [.. gigabytes.Select(values => values.Order().ElementAt(Runs / 2))];
    }
}
