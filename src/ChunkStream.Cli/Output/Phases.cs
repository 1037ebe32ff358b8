using ChunkStream.Sdk;

namespace ChunkStream.Cli.Output;

/// <summary>What is going on, in a word behind the title. Before a first path is up, that is connecting and no trouble yet.</summary>
internal sealed class Phases(string title)
{
    private bool _wasUp;

    /// <summary>Whether every path is down that was up before.</summary>
    public bool IsTrouble(TransferProgress progress)
    {
        _wasUp |= progress.Phase == TransferPhase.Moving;
        return _wasUp && progress.Phase == TransferPhase.Reconnecting;
    }

    public string Describe(TransferProgress progress) => progress.Phase switch
    {
        TransferPhase.Reconnecting when IsTrouble(progress) => $"{title} (no path; trying again)",
        TransferPhase.Connecting or TransferPhase.Reconnecting => $"{title} (connecting)",
        TransferPhase.Completing => $"{title} (completing)",
        _ => title,
    };
}
