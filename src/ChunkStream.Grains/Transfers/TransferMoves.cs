using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;

namespace ChunkStream.Grains.Transfers;

/// <summary>How an event changes a transfer's record: the state machine's answer, and what is kept beside it.</summary>
internal static class TransferMoves
{
    /// <summary>The record after the event; the very same record where the event changes nothing; or the refusal.</summary>
    /// <param name="cause">Why a network failed or a transfer was given up; kept in the record and in its history.</param>
    public static Outcome<TransferRecord> After(this TransferRecord record, TransferEvent transferEvent, DateTimeOffset now, Failure? cause = null)
    {
        // What the owner paused, only the owner resumes.
        if (transferEvent is TransferEvent.NetworkRecovered && record is { State: TransferState.Paused, PausedByNetwork: false }) return record;

        Outcome<TransferState> next = TransferStateMachine.Next(record.State, transferEvent);
        if (!next.IsOk) return next.Failure!;
        bool pausedByNetwork = next.Value is TransferState.Paused && transferEvent switch
        {
            TransferEvent.NetworkFailure => record.State is not TransferState.Paused || record.PausedByNetwork,
            TransferEvent.Pause => false,
            _ => record.PausedByNetwork,
        };
        if (next.Value == record.State && pausedByNetwork == record.PausedByNetwork) return record;
        TransferRecord moved = record with
        {
            Revision = record.Revision + 1,
            State = next.Value,
            PausedByNetwork = pausedByNetwork,
            UpdatedAt = now,
            // Why the network paused it is history once it goes on.
            FailureCode = cause?.Code ?? FailureCode.None,
            FailureMessage = cause?.Message,
        };
        return cause is not null ? moved.WithFailure(cause, now)
            : next.Value is TransferState.Transferring or TransferState.Completed ? moved.WithRecovery(now)
            : moved;
    }
}
