using System.Globalization;
using ChunkStream.Cli.Parsing;
using ChunkStream.Sdk;
using Spectre.Console;

namespace ChunkStream.Cli.Output;

/// <summary>
/// Progress as lines, for logs: at most one a second, and each 5 % further than the last or half a minute later, so that a file
/// leaves few lines and a slow one still shows life.
/// </summary>
internal sealed class LineDisplay(IAnsiConsole console, TimeProvider time, string title, Func<TransferProgress, long> done) : IProgress<TransferProgress>
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(30);
    private const double Step = 0.05;

    private readonly Lock _lock = new();
    private readonly Phases _phases = new(title);
    private long _saidAt = time.GetTimestamp();
    private double _said;
    private TransferPhase _phase = TransferPhase.Connecting;

    public static async Task<T> RunAsync<T>(
        IAnsiConsole console, TimeProvider time, string title, Func<TransferProgress, long> done, Func<IProgress<TransferProgress>, Task<T>> work)
    {
        console.WriteLine(title);
        return await work(new LineDisplay(console, time, title, done));
    }

    public void Report(TransferProgress value)
    {
        double share = value.TotalBytes == 0 ? 0 : (double)done(value) / value.TotalBytes;
        lock (_lock)
        {
            if (value.Phase == TransferPhase.Done)
            {
                if (_phase != value.Phase) console.WriteLine($"{title}: done");
                _phase = value.Phase;
                return;
            }
            TimeSpan since = time.GetElapsedTime(_saidAt);
            bool isNews = _phases.IsTrouble(value) && _phase != TransferPhase.Reconnecting;
            if (!isNews && (since < AtMostEvery || (share < _said + Step && since < AtLeastEvery))) return;
            (_saidAt, _said, _phase) = (time.GetTimestamp(), share, value.Phase);
            // Never 100 before it is done.
            string percent = Math.Floor(Math.Min(share, 0.99) * 100).ToString(CultureInfo.InvariantCulture);
            console.WriteLine(
                $"{_phases.Describe(value)}: {percent} %, {SizeText.Format(done(value))} of {SizeText.Format(value.TotalBytes)}");
        }
    }
}
