using ChunkStream.Sdk;
using Spectre.Console;

namespace ChunkStream.Cli.Output;

/// <summary>Shows work that takes a while: a bar on a terminal, now and then a line elsewhere.</summary>
internal sealed class Displays(IAnsiConsole console, bool isTerminal, TimeProvider time)
{
    /// <summary>Shows what is durable on the service's side.</summary>
    public Task<T> SendingAsync<T>(string title, Func<IProgress<TransferProgress>, Task<T>> work) =>
        RunAsync(title, progress => progress.CommittedBytes, work);

    /// <summary>Shows what has arrived and is verified.</summary>
    public Task<T> ReceivingAsync<T>(string title, Func<IProgress<TransferProgress>, Task<T>> work) =>
        RunAsync(title, progress => progress.AcceptedBytes, work);

    private Task<T> RunAsync<T>(string title, Func<TransferProgress, long> done, Func<IProgress<TransferProgress>, Task<T>> work) =>
        isTerminal ? BarDisplay.RunAsync(console, title, done, work) : LineDisplay.RunAsync(console, time, title, done, work);
}
