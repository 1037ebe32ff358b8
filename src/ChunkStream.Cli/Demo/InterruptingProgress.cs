using ChunkStream.Sdk;

namespace ChunkStream.Cli.Demo;

/// <summary>Passes progress on, and interrupts when half of the file is committed.</summary>
internal sealed class InterruptingProgress(IProgress<TransferProgress> inner, CancellationTokenSource interruption) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value)
    {
        inner.Report(value);
        if (value.TotalBytes > 0 && value.CommittedBytes * 2 >= value.TotalBytes) interruption.Cancel();
    }
}
