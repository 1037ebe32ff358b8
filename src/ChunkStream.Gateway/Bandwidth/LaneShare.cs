using ChunkStream.Core.Scheduling;
using ChunkStream.Gateway.Handshake;

namespace ChunkStream.Gateway.Bandwidth;

/// <summary>A lane's membership in its transfer's share. The transfer's last lane takes the share with it.</summary>
internal sealed class LaneShare(TransferShares owner, TransferShare share, Action<Priority> tell) : IDisposable
{
    /// <summary>Whether the transfer's priority is known, so that the lane's client has been told.</summary>
    public bool IsKnown => share.IsKnown;

    /// <summary>The transfer's priority as it was found when the lane opened.</summary>
    public void Learn(Priority priority) => owner.Learn(share, priority);

    /// <summary>Waits until a chunk of this length may cross. The client isn't blamed for that time.</summary>
    public ValueTask EnterForChunkAsync(int lengthBytes, LaneWatch watch, CancellationToken cancellationToken) =>
        WaitAsync(share.Flow.EnterForChunkAsync(lengthBytes, cancellationToken).AsTask(), watch);

    /// <summary>Waits until so many bytes, headers included, may cross. The client isn't blamed for that time.</summary>
    public ValueTask EnterAsync(int wireBytes, LaneWatch watch, CancellationToken cancellationToken) =>
        WaitAsync(share.Flow.EnterAsync(wireBytes, cancellationToken).AsTask(), watch);

    public void Dispose() => owner.Leave(share, tell);

    private static async ValueTask WaitAsync(Task entering, LaneWatch watch)
    {
        if (!entering.IsCompleted)
        {
            watch.Pause();
            await entering.ConfigureAwait(false);
            watch.Restart();
        }
        await entering.ConfigureAwait(false);
    }
}
