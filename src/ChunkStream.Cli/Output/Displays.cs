using ChunkStream.Sdk;
using Spectre.Console;

namespace ChunkStream.Cli.Output;

/// <summary>Shows work that takes a while: a bar on a terminal, now and then a line elsewhere.</summary>
internal sealed class Displays(IAnsiConsole console, bool isTerminal, TimeProvider time)
{
    public Task<T> TransferAsync<T>(string title, Func<IProgress<TransferProgress>, Task<T>> work) =>
        isTerminal ? BarDisplay.RunAsync(console, title, work) : LineDisplay.RunAsync(console, time, title, work);
}
