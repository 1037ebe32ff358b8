using ChunkStream.Core.Layout;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Protocol.Frames;
using ChunkStream.Tests.Transport.Lanes;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>A lane of an incoming file whose client notes what it is told.</summary>
internal sealed class ToldLane : IAsyncDisposable
{
    private readonly TestLane _lane;
    private readonly LaneOutbox _outbox;
    private readonly Task _pump;

    public ToldLane(IngestBench bench)
    {
        _lane = new(new FrameSink((header, body) =>
        {
            if (header.Type != FrameType.Committed) return;
            if (!CommittedBody.TryRead(body, IngestBench.Layout, out ChunkSet chunks)) throw new InvalidDataException("Outside of the layout.");
            bench.Events.Enqueue($"told {IngestBench.Name(chunks)}");
        }));
        _outbox = new(_lane, TimeProvider.System);
        bench.File.Remember(_outbox);
        _pump = _outbox.RunAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        _outbox.Complete();
        await Soon.DoneAsync("the outbox to be written out", _pump);
        await _lane.DisposeAsync();
    }
}
