using ChunkStream.Core.Scheduling;
using ChunkStream.Transport.Bandwidth;

namespace ChunkStream.Tests.Transport.Bandwidth;

/// <summary>A transfer with so many lanes, each of which asks for its next chunk as soon as the network has delivered its last.</summary>
internal sealed class SimulatedSender(SharedBandwidth bandwidth, Priority priority, int lanes, int chunkBytes = 256 * 1024)
{
    private readonly Task?[] _asking = new Task?[lanes];
    private readonly double[] _onTheWire = new double[lanes];

    public BandwidthFlow Flow { get; } = bandwidth.Open(priority);

    public double TakenBytes { get; private set; }

    public double OnTheWire => _onTheWire.Sum();

    /// <summary>Lanes that are free ask; those whose turn has come put their chunk on the wire.</summary>
    public void Ask()
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            if (_onTheWire[lane] > 0) continue;
            _asking[lane] ??= Flow.EnterForChunkAsync(chunkBytes, default).AsTask();
            if (!_asking[lane]!.IsCompletedSuccessfully) continue;
            _asking[lane] = null;
            _onTheWire[lane] = chunkBytes;
        }
    }

    /// <summary>The network takes so many bytes of this transfer, no more than there are, from its lanes alike.</summary>
    public void Take(double bytes)
    {
        TakenBytes += bytes;
        while (bytes > 1e-3)
        {
            int[] busy = [.. Enumerable.Range(0, lanes).Where(lane => _onTheWire[lane] > 0)];
            if (busy.Length == 0) return;
            double each = Math.Min(bytes / busy.Length, busy.Min(lane => _onTheWire[lane]));
            foreach (int lane in busy)
            {
                bytes -= each;
                if ((_onTheWire[lane] -= each) > 1e-3) continue;
                _onTheWire[lane] = 0;
                Flow.Delivered(chunkBytes);
            }
        }
    }
}
