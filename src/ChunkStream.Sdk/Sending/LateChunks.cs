using System.Collections.Concurrent;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Sending;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Sdk.Sending;

/// <summary>
/// Looks for chunks that are late: much longer on their way than another path would take. Where the stripe has enough without one it
/// isn't waited for, and else another path carries one in its place. So a slow path holds up no stripe, and not the end of the file.
/// </summary>
internal sealed class LateChunks(
    SendLedger ledger, ChunkDispatcher<ChunkBuffer> dispatcher, Action<IReadOnlyList<ChunkIndex>> sendChunks, PathTiming timing, TimeProvider time)
{
    private readonly ConcurrentDictionary<SendingLane, PathLink> _lanes = [];

    public void Watch(SendingLane lane, PathLink path) => _lanes[lane] = path;

    public void Forget(SendingLane lane) => _lanes.TryRemove(lane, out _);

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(timing.LookEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var (lane, path) in _lanes)
            {
                if (dispatcher.LateAfter(path) is not { } limit) continue;
                foreach (ChunkIndex index in lane.OnTheirWayFor(limit)) Decide(index, path);
            }
        }
    }

    private void Decide(ChunkIndex index, PathLink path)
    {
        switch (ledger.Late(index, out ChunkIndex send))
        {
            case LateChunk.DoWithout:
                dispatcher.Late(path);
                path.Vitals.Cancelled();
                break;
            case LateChunk.Send:
                dispatcher.Late(path);
                path.Vitals.Hedged();
                sendChunks([send]);
                break;
        }
    }
}
