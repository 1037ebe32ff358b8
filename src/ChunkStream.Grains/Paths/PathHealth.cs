using ChunkStream.Abstractions.Paths;
using ChunkStream.Core.Paths;

namespace ChunkStream.Grains.Paths;

/// <summary>A path's smoothed measurements, what they add up to, and its status by <see cref="PathHysteresis"/>.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.path.health")]
internal sealed record PathHealth
{
    // The weights of a new sample. The round trip's is that of TCP's smoothed round trip time (RFC 6298).
    private const double RoundTripWeight = 1.0 / 8;
    private const double RateWeight = 1.0 / 4;
    private const double LossWeight = 1.0 / 4;

    [Id(0)] public PathStatus Status { get; init; }

    /// <summary>Null until one was measured.</summary>
    [Id(1)] public TimeSpan? RoundTrip { get; init; }
    [Id(2)] public double? BytesPerSecond { get; init; }
    [Id(3)] public double? LossRate { get; init; }
    [Id(4)] public long Bytes { get; init; }
    [Id(5)] public long Chunks { get; init; }
    [Id(6)] public long Failures { get; init; }
    [Id(7)] public DateTimeOffset UpdatedAt { get; init; }
    [Id(8)] public int FailuresInRow { get; init; }
    [Id(9)] public int GoodInRow { get; init; }

    /// <summary>Of the bytes, those that went from the service to clients.</summary>
    [Id(10)] public long ReceivedBytes { get; init; }
    [Id(11)] public long ReceivedChunks { get; init; }
    [Id(12)] public long ResentChunks { get; init; }
    [Id(13)] public long HedgedChunks { get; init; }
    [Id(14)] public long CancelledChunks { get; init; }
    [Id(15)] public long Connections { get; init; }

    public PathHealth After(PathSample sample, DateTimeOffset now)
    {
        PathHealth next = this with
        {
            RoundTrip = sample.RoundTrip is { } roundTrip ? Smooth(RoundTrip, roundTrip) : RoundTrip,
            BytesPerSecond = Smooth(BytesPerSecond, sample.BytesPerSecond, RateWeight),
            LossRate = Smooth(LossRate, sample.LossRate, LossWeight),
            Bytes = Bytes + sample.Bytes,
            Chunks = Chunks + sample.Chunks,
            Failures = Failures + sample.Failures,
            ReceivedBytes = ReceivedBytes + sample.ReceivedBytes,
            ReceivedChunks = ReceivedChunks + sample.ReceivedChunks,
            ResentChunks = ResentChunks + sample.ResentChunks,
            HedgedChunks = HedgedChunks + sample.HedgedChunks,
            CancelledChunks = CancelledChunks + sample.CancelledChunks,
            Connections = Connections + sample.Connections,
            UpdatedAt = now,
        };
        PathHysteresis condition = new PathHysteresis((PathCondition)Status, FailuresInRow, GoodInRow)
            .After(sample.Chunks > 0, sample.Failures > 0, next.LossRate, next.RoundTrip);
        return next with { Status = (PathStatus)condition.Condition, FailuresInRow = condition.FailuresInRow, GoodInRow = condition.GoodInRow };
    }

    public PathInfo ToInfo(string key) => new()
    {
        Key = key,
        Status = Status,
        RoundTrip = RoundTrip ?? TimeSpan.Zero,
        BytesPerSecond = BytesPerSecond ?? 0,
        LossRate = LossRate,
        Bytes = Bytes,
        Chunks = Chunks,
        Failures = Failures,
        UpdatedAt = UpdatedAt,
        ReceivedBytes = ReceivedBytes,
        ReceivedChunks = ReceivedChunks,
        ResentChunks = ResentChunks,
        HedgedChunks = HedgedChunks,
        CancelledChunks = CancelledChunks,
        Connections = Connections,
    };

    private static TimeSpan Smooth(TimeSpan? smoothed, TimeSpan sample) =>
        smoothed is { } previous ? previous + (sample - previous) * RoundTripWeight : sample;

    private static double? Smooth(double? smoothed, double? sample, double weight) =>
        sample is null ? smoothed : smoothed is { } previous ? previous + (sample - previous) * weight : sample;
}
