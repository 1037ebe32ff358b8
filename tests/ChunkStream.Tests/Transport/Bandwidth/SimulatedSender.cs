using ChunkStream.Core.Scheduling;
using ChunkStream.Transport.Bandwidth;

namespace ChunkStream.Tests.Transport.Bandwidth;

/// <summary>A transfer with so many lanes, each of which asks for its next chunk as soon as the network has taken its last.</summary>
internal sealed class SimulatedSender(SharedBandwidth bandwidth, Priority priority, int lanes)
{
    public const int ChunkBytes = 256 * 1024;

    private readonly Task?[] _asking = new Task?[lanes];
    private readonly double[] _onTheWire = new double[lanes];

    public BandwidthFlow Flow { get; } = bandwidth.Open(priority);

    public double TakenBytes { get; private set; }

    public bool HasOnTheWire => _onTheWire.Any(left => left > 0);

    /// <summary>Lanes whose turn has come start their chunk; those that are free ask.</summary>
    public void Ask()
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            while (_onTheWire[lane] <= 0)
            {
                _asking[lane] ??= Flow.EnterAsync(ChunkBytes, default).AsTask();
                if (!_asking[lane]!.IsCompletedSuccessfully) break;
                _asking[lane] = null;
                _onTheWire[lane] += ChunkBytes;
            }
        }
    }

    /// <summary>The network takes so many bytes of this transfer, from its lanes alike.</summary>
    public void Take(double bytes)
    {
        TakenBytes += bytes;
        int busy = _onTheWire.Count(left => left > 0);
        for (int lane = 0; lane < lanes; lane++)
            if (_onTheWire[lane] > 0) _onTheWire[lane] -= bytes / busy;
    }
}
