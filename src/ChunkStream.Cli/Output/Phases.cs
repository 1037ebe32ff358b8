using ChunkStream.Sdk;

namespace ChunkStream.Cli.Output;

/// <summary>What is going on, in a word behind the title.</summary>
internal static class Phases
{
    public static string Describe(string title, TransferPhase phase) => phase switch
    {
        TransferPhase.Connecting => $"{title} (connecting)",
        TransferPhase.Reconnecting => $"{title} (no path; trying again)",
        TransferPhase.Completing => $"{title} (completing)",
        _ => title,
    };
}
