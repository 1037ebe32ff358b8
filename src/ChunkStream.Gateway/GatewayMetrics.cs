using System.Diagnostics.Metrics;
using ChunkStream.Core.Failures;

namespace ChunkStream.Gateway;

/// <summary>The gateway's instruments on the meter <c>ChunkStream</c>. No ids in labels.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _chunks, _bytes, _verifyFailures, _rebuilt, _failures;
    private readonly Histogram<double> _acceptedToCommitted;
    private readonly UpDownCounter<long> _lanes;

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("ChunkStream");
        _chunks = _meter.CreateCounter<long>("chunkstream.chunks", "{chunk}", "Chunks that crossed, by direction.");
        _bytes = _meter.CreateCounter<long>("chunkstream.bytes", "By", "Chunk bytes that crossed, parity included, by direction.");
        _verifyFailures = _meter.CreateCounter<long>("chunkstream.verify.failures", "{chunk}", "Chunks whose hash was wrong, on the wire or at rest.");
        _rebuilt = _meter.CreateCounter<long>("chunkstream.chunks.rebuilt", "{chunk}", "Chunks rebuilt from the others of their stripe.");
        _failures = _meter.CreateCounter<long>("chunkstream.lane.failures", "{lane}", "Lanes that ended with a failure, by code and blame.");
        _acceptedToCommitted = _meter.CreateHistogram<double>(
            "chunkstream.commit.latency", "s", "From the first accepted chunk of a group to the group being durable, recorded and told.",
            advice: new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5, 10] });
        _lanes = _meter.CreateUpDownCounter<long>("chunkstream.lanes", "{lane}", "Open lanes, by kind.");
    }

    public void Received(int bytes) => Crossed(bytes, "in");

    public void Served(int bytes) => Crossed(bytes, "out");

    public void VerifyFailed(string where) => _verifyFailures.Add(1, new KeyValuePair<string, object?>("where", where));

    public void Rebuilt(long chunks) => _rebuilt.Add(chunks);

    public void Committed(TimeSpan latency) => _acceptedToCommitted.Record(latency.TotalSeconds);

    public void LaneOpened(string kind) => _lanes.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void LaneClosed(string kind) => _lanes.Add(-1, new KeyValuePair<string, object?>("kind", kind));

    public void LaneFailed(FailureCode code) => _failures.Add(
        1, new KeyValuePair<string, object?>("code", code.ToName()), new KeyValuePair<string, object?>("blame", code.BlameOf().ToString().ToLowerInvariant()));

    public void Dispose() => _meter.Dispose();

    private void Crossed(int bytes, string direction)
    {
        var label = new KeyValuePair<string, object?>("direction", direction);
        _chunks.Add(1, label);
        _bytes.Add(bytes, label);
    }
}
