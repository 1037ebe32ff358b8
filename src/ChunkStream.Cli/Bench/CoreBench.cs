namespace ChunkStream.Cli.Bench;

/// <summary>The figures of the core on this machine: hashing, coding, verifying, and the chunk queue. Half a minute, and 1 GiB of the temporary folder.</summary>
internal static class CoreBench
{
    /// <param name="cancellationToken">Looked at between the parts.</param>
    public static IReadOnlyList<BenchRow> Run(CancellationToken cancellationToken) =>
        [.. Blake3Bench.Run(cancellationToken), .. ErasureBench.Run(cancellationToken), .. QueueBench.Run()];
}
