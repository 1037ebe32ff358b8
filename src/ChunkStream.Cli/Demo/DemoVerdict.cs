namespace ChunkStream.Cli.Demo;

/// <summary>Judges the demonstration: it has succeeded only if each thing that it tells of really happened.</summary>
internal sealed class DemoVerdict
{
    // Below that a fast path may have sent everything before the other was up.
    private const int ChunksForTwoPaths = 26;

    public DemoVerdict(DemoReport report, bool interrupted, long rebuiltWhenSent, long rebuiltWhenReceived, int deletedShards)
    {
        bool hasChunks = report.Bytes > 0;
        var missing = new List<string>();
        if (!report.Identical) missing.Add("The file that came back is not the one that was sent.");
        if (!interrupted) missing.Add("The transfer wasn't interrupted before its completion.");
        if (hasChunks && report.ChunksLost == 0) missing.Add("No chunk was lost.");
        if (hasChunks && report.ChunksCommittedBeforeInterrupt == 0) missing.Add("Nothing was committed before the interruption.");
        if (report.ChunksSentAgainAfterCommit != 0) missing.Add($"{report.ChunksSentAgainAfterCommit} chunks were sent again after they were committed.");
        if (hasChunks && rebuiltWhenSent == 0) missing.Add("Nothing was rebuilt when the transfer completed.");
        if (hasChunks && deletedShards == 0) missing.Add("No shard was deleted.");
        if (deletedShards > 0 && rebuiltWhenReceived == 0) missing.Add("Nothing was rebuilt when the file was received.");
        if (report.Paths < 2 && report.ChunksSent >= ChunksForTwoPaths) missing.Add($"{report.Paths} path was used in place of two.");
        Missing = missing;
        ExitCode = !report.Identical ? Failures.ExitCode.Integrity : missing.Count > 0 ? Failures.ExitCode.Failed : Failures.ExitCode.Done;
    }

    /// <summary>What should have happened and didn't; empty where all is well.</summary>
    public IReadOnlyList<string> Missing { get; }

    public int ExitCode { get; }
}
