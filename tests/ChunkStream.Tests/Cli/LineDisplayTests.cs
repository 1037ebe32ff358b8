using ChunkStream.Cli.Output;
using ChunkStream.Sdk;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class LineDisplayTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public async Task A_fast_transfer_leaves_few_lines()
    {
        await RunAsync(progress =>
        {
            for (int i = 0; i <= 1000; i++)
            {
                progress.Report(new(1000, i, i, i, TransferPhase.Moving));
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }
            progress.Report(new(1000, 1000, 1000, 1000, TransferPhase.Done));
        });
        Assert.Equal(["Sending x", "Sending x: 99 %, 1000 B of 1000 B", "Sending x: done"], Lines());
    }

    [Fact]
    public async Task At_most_a_line_a_second_and_each_five_percent_further()
    {
        await RunAsync(progress =>
        {
            for (int i = 0; i < 1000; i++)
            {
                progress.Report(new(1000, i, i, i, TransferPhase.Moving));
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }
        });
        Assert.InRange(Lines().Length, 19, 21);
    }

    [Fact]
    public async Task A_transfer_that_stands_still_shows_life()
    {
        await RunAsync(progress =>
        {
            for (int i = 0; i < 600; i++)
            {
                progress.Report(new(1L << 40, 0, 0, 0, TransferPhase.Moving));
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }
        });
        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public async Task Trouble_is_told_once_and_never_before_a_first_path()
    {
        await RunAsync(progress =>
        {
            progress.Report(new(1000, 0, 0, 0, TransferPhase.Reconnecting));
            progress.Report(new(1000, 10, 0, 0, TransferPhase.Moving));
            progress.Report(new(1000, 10, 0, 0, TransferPhase.Reconnecting));
            progress.Report(new(1000, 10, 0, 0, TransferPhase.Reconnecting));
        });
        Assert.Equal(["Sending x", "Sending x (no path; trying again): 0 %, 0 B of 1000 B"], Lines());
    }

    private async Task RunAsync(Action<IProgress<TransferProgress>> work)
    {
        var displays = new Displays(Consoles.Create(_written, isTerminal: false), isTerminal: false, _time);
        await displays.SendingAsync("Sending x", progress =>
        {
            work(progress);
            return Task.FromResult(true);
        });
    }

    private string[] Lines() => _written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
