using System.CommandLine;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream watch ID</c></summary>
internal static class WatchCommand
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);
    private static readonly Argument<Guid> Id = ValueOptions.Id("ID", "The transfer, as 'ls --transfers' tells it.");

    public static Command Create(CliEnvironment environment) =>
        new Command("watch", "Shows a transfer's durable progress until it ends. Exits as the transfer does: 0 completed, otherwise with its failure.") { Id }
            .Runs(environment, RunAsync, "Interrupted. Whoever sends or receives goes on.");

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        Guid id = call.Value(Id);
        Transfer first = await call.Control.GetTransferAsync(id, cancellationToken);
        Transfer last = first.HasEnded
            ? first
            : await call.Displays.SendingAsync(Texts.Name(first.Name), progress => UntilEndedAsync(call, first, progress, cancellationToken));
        if (last.State == TransferState.Failed && !call.IsJson)
            throw new CliException(FailureCodeExtensions.FromName(last.FailureCode), last.FailureMessage ?? "The transfer failed.");
        call.Write(last, console => console.Details((last.Id.ToString(), $"{EnumNames.Of(last.State)}  {Texts.Name(last.Name)}")));
        return last.State == TransferState.Completed ? ExitCode.Done : ExitCode.Of(FailureCodeExtensions.FromName(last.FailureCode));
    }

    private static async Task<Transfer> UntilEndedAsync(Call call, Transfer transfer, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AskEvery, call.Environment.Time);
        while (true)
        {
            progress.Report(ProgressOf(transfer));
            if (transfer.HasEnded) return transfer;
            await timer.WaitForNextTickAsync(cancellationToken);
            Transfer next = await call.Control.GetTransferAsync(transfer.Id, cancellationToken);
            if (next.State == TransferState.Paused && transfer.State != TransferState.Paused)
                call.Say("Paused. 'resume', or sending the file again, lets it go on.");
            transfer = next;
        }
    }

    private static TransferProgress ProgressOf(Transfer transfer)
    {
        // Chunks, because the committed bytes have parity among them, and the file's length hasn't.
        double share = transfer.TotalChunks == 0 ? 0 : (double)transfer.CommittedChunks / transfer.TotalChunks;
        long committed = (long)(share * transfer.SizeBytes);
        TransferPhase phase = transfer.State switch
        {
            TransferState.Completed => TransferPhase.Done,
            TransferState.Completing => TransferPhase.Completing,
            TransferState.Idle or TransferState.Preparing => TransferPhase.Connecting,
            _ => TransferPhase.Moving,
        };
        return new(transfer.SizeBytes, committed, committed, committed, phase);
    }
}
