using ChunkStream.Sdk;
using Spectre.Console;

namespace ChunkStream.Cli.Output;

/// <summary>A progress bar. It is full only when the work is done.</summary>
internal sealed class BarDisplay(ProgressTask task, string title, Func<TransferProgress, long> done) : IProgress<TransferProgress>
{
    // The rest is for what comes after the last byte: rebuilding, comparing, recording.
    private const double MostBeforeDone = 0.99;

    public static Task<T> RunAsync<T>(IAnsiConsole console, string title, Func<TransferProgress, long> done, Func<IProgress<TransferProgress>, Task<T>> work) =>
        console.Progress().AutoClear(false).HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new TransferSpeedColumn { Base = FileSizeBase.Binary }, new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return await work(new BarDisplay(task, title, done));
            });

    private readonly Phases _phases = new(title);

    public void Report(TransferProgress value)
    {
        task.MaxValue = Math.Max(1, value.TotalBytes);
        task.Value = value.Phase == TransferPhase.Done ? task.MaxValue : Math.Min(done(value), task.MaxValue * MostBeforeDone);
        task.Description = Markup.Escape(_phases.Describe(value));
    }
}
