namespace ChunkStream.Core.Paths;

/// <summary>
/// From what was measured on a path to its condition: it takes little to be degraded and more to be well again, so that a path on the
/// edge doesn't change with every sample. The same for a client during a call and for the service over time.
/// <list type="bullet">
/// <item>Failed: <see cref="FailuresToFail"/> samples in a row that report failures and deliver nothing.</item>
/// <item>Degraded: loss above <see cref="DegradedLoss"/>, a round trip above <see cref="DegradedRoundTrip"/>, or a failed path that
/// delivers again.</item>
/// <item>Active: <see cref="SamplesToRecover"/> samples in a row that deliver, without failures, with loss below <see cref="RecoveredLoss"/>
/// and a round trip below <see cref="RecoveredRoundTrip"/>.</item>
/// </list>
/// </summary>
/// <param name="Condition">What it has come to.</param>
/// <param name="FailuresInRow">Samples with failures and nothing delivered, the last ones.</param>
/// <param name="GoodInRow">Samples that deliver and have nothing against them, the last ones.</param>
public readonly record struct PathHysteresis(PathCondition Condition, int FailuresInRow, int GoodInRow)
{
    public const double DegradedLoss = 0.05;
    public const double RecoveredLoss = 0.02;
    public const int FailuresToFail = 3;
    public const int SamplesToRecover = 3;
    public static readonly TimeSpan DegradedRoundTrip = TimeSpan.FromMilliseconds(800);
    public static readonly TimeSpan RecoveredRoundTrip = TimeSpan.FromMilliseconds(600);

    /// <param name="delivered">Whether anything was delivered since the last sample.</param>
    /// <param name="failed">Whether a connection or lane failed since.</param>
    /// <param name="lossRate">Smoothed, 0 to 1; null where none is known, which speaks neither for the path nor against it.</param>
    /// <param name="roundTrip">Smoothed; null where none is known.</param>
    public PathHysteresis After(bool delivered, bool failed, double? lossRate, TimeSpan? roundTrip)
    {
        int failuresInRow = delivered ? 0 : failed ? FailuresInRow + 1 : FailuresInRow;
        bool good = delivered && !failed && !(lossRate >= RecoveredLoss) && !(roundTrip >= RecoveredRoundTrip);
        // A sample without traffic says neither.
        bool idle = !delivered && !failed;
        int goodInRow = good ? GoodInRow + 1 : idle ? GoodInRow : 0;
        bool bad = lossRate > DegradedLoss || roundTrip > DegradedRoundTrip;
        PathCondition next = Condition switch
        {
            _ when failuresInRow >= FailuresToFail => PathCondition.Failed,
            PathCondition.Active => bad ? PathCondition.Degraded : PathCondition.Active,
            PathCondition.Degraded => !bad && goodInRow >= SamplesToRecover ? PathCondition.Active : PathCondition.Degraded,
            _ => delivered ? PathCondition.Degraded : PathCondition.Failed,
        };
        return new(next, failuresInRow, goodInRow);
    }
}
