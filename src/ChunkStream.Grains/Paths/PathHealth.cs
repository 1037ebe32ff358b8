using ChunkStream.Abstractions.Paths;

namespace ChunkStream.Grains.Paths;

/// <summary>
/// A path's smoothed measurements and its status, with hysteresis: it takes little to be degraded and more to be well again, so that
/// a path on the edge doesn't change its status with every sample.
/// <list type="bullet">
/// <item>Failed: <see cref="FailuresToFail"/> samples in a row that report failures and deliver nothing.</item>
/// <item>Degraded: loss above <see cref="DegradedLoss"/>, a round trip above <see cref="DegradedRoundTrip"/>, or a failed path that
/// delivers again.</item>
/// <item>Active: <see cref="SamplesToRecover"/> samples in a row that deliver, without failures, with loss below <see cref="RecoveredLoss"/>
/// and a round trip below <see cref="RecoveredRoundTrip"/>.</item>
/// </list>
/// </summary>
[GenerateSerializer, Immutable, Alias("chunkstream.path.health")]
internal sealed record PathHealth
{
    public const double DegradedLoss = 0.05;
    public const double RecoveredLoss = 0.02;
    public const int FailuresToFail = 3;
    public const int SamplesToRecover = 3;
    public static readonly TimeSpan DegradedRoundTrip = TimeSpan.FromMilliseconds(800);
    public static readonly TimeSpan RecoveredRoundTrip = TimeSpan.FromMilliseconds(600);

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

    public PathHealth After(PathSample sample, DateTimeOffset now)
    {
        bool delivered = sample.Chunks > 0;
        PathHealth next = this with
        {
            RoundTrip = sample.RoundTrip is { } roundTrip ? Smooth(RoundTrip, roundTrip) : RoundTrip,
            BytesPerSecond = Smooth(BytesPerSecond, sample.BytesPerSecond, RateWeight),
            LossRate = Smooth(LossRate, sample.LossRate, LossWeight),
            Bytes = Bytes + sample.Bytes,
            Chunks = Chunks + sample.Chunks,
            Failures = Failures + sample.Failures,
            UpdatedAt = now,
            FailuresInRow = delivered ? 0 : sample.Failures > 0 ? FailuresInRow + 1 : FailuresInRow,
        };
        bool good = delivered && sample.Failures == 0
            && (next.LossRate ?? 0) < RecoveredLoss && (next.RoundTrip ?? TimeSpan.Zero) < RecoveredRoundTrip;
        // A sample without traffic says neither.
        bool idle = !delivered && sample.Failures == 0;
        next = next with { GoodInRow = good ? GoodInRow + 1 : idle ? GoodInRow : 0 };
        return next with { Status = next.StatusAfter(delivered) };
    }

    public PathInfo ToInfo(string key) => new()
    {
        Key = key,
        Status = Status,
        RoundTrip = RoundTrip ?? TimeSpan.Zero,
        BytesPerSecond = BytesPerSecond ?? 0,
        LossRate = LossRate ?? 0,
        Bytes = Bytes,
        Chunks = Chunks,
        Failures = Failures,
        UpdatedAt = UpdatedAt,
    };

    private PathStatus StatusAfter(bool delivered)
    {
        if (FailuresInRow >= FailuresToFail) return PathStatus.Failed;
        bool bad = LossRate > DegradedLoss || RoundTrip > DegradedRoundTrip;
        return Status switch
        {
            PathStatus.Active => bad ? PathStatus.Degraded : PathStatus.Active,
            PathStatus.Degraded => !bad && GoodInRow >= SamplesToRecover ? PathStatus.Active : PathStatus.Degraded,
            _ => delivered ? PathStatus.Degraded : PathStatus.Failed,
        };
    }

    private static TimeSpan Smooth(TimeSpan? smoothed, TimeSpan sample) =>
        smoothed is { } previous ? previous + (sample - previous) * RoundTripWeight : sample;

    private static double? Smooth(double? smoothed, double? sample, double weight) =>
        sample is null ? smoothed : smoothed is { } previous ? previous + (sample - previous) * weight : sample;
}
