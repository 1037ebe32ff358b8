using System.Globalization;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Requests;

/// <summary>What a report about a path may say.</summary>
internal static class PathRules
{
    public const int MaxKeyChars = 256;
    private const double MaxRoundTripMs = 10 * 60 * 1000;

    public static void Check(PathReport report)
    {
        if (string.IsNullOrEmpty(report.Key) || report.Key.Length > MaxKeyChars || report.Key.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            throw Refusal.Of("key", report.Key, $"It is 1 to {MaxKeyChars} characters, such as 192.0.2.1>198.51.100.7:7071/quic.");
        CheckMeasures(report.RoundTripMs, report.LossRate);
        if (report.BytesPerSecond is { } rate && !(rate >= 0 && double.IsFinite(rate))) throw Refuse("bytesPerSecond", rate, "It is 0 or more.");
        foreach (var (name, count) in Counts(report))
            if (count < 0) throw Refuse(name, count, "It is 0 or more.");
    }

    public static void CheckMeasures(double? roundTripMs, double? lossRate)
    {
        if (roundTripMs is { } ms && !(ms is >= 0 and <= MaxRoundTripMs))
            throw Refuse("roundTripMs", ms, $"It is 0 to {MaxRoundTripMs.ToString(CultureInfo.InvariantCulture)} milliseconds.");
        if (lossRate is { } loss && !(loss is >= 0 and <= 1)) throw Refuse("lossRate", loss, "It is 0 to 1.");
    }

    private static IEnumerable<(string Name, long Count)> Counts(PathReport report) =>
    [
        ("bytes", report.Bytes), ("chunks", report.Chunks), ("failures", report.Failures), ("receivedBytes", report.ReceivedBytes),
        ("receivedChunks", report.ReceivedChunks), ("resentChunks", report.ResentChunks), ("hedgedChunks", report.HedgedChunks),
        ("cancelledChunks", report.CancelledChunks), ("connections", report.Connections),
    ];

    private static Sdk.ChunkStreamException Refuse(string name, IFormattable value, string allowed) =>
        Refusal.Of(name, value.ToString(null, CultureInfo.InvariantCulture), allowed);
}
