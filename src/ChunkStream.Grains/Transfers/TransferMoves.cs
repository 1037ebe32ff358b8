using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;

namespace ChunkStream.Grains.Transfers;

/// <summary>How an event changes a transfer's record: the state machine's answer, and what is kept beside it.</summary>
internal static class TransferMoves
{
    /// <summary>The record after the event; the very same record where the event changes nothing; or the refusal.</summary>
    public static Outcome<TransferRecord> After(this TransferRecord record, TransferEvent transferEvent, DateTimeOffset now)
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
        return record with
        {
            Revision = record.Revision + 1,
            State = next.Value,
            PausedByNetwork = pausedByNetwork,
            UpdatedAt = now,
            // Why the network paused it is of no interest once it goes on.
            FailureCode = next.Value is TransferState.Failed ? record.FailureCode : FailureCode.None,
            FailureMessage = next.Value is TransferState.Failed ? record.FailureMessage : null,
        };
    }

    /// <summary>The same, and the failure that was the event's cause.</summary>
    public static Outcome<TransferRecord> After(this TransferRecord record, TransferEvent transferEvent, Failure cause, DateTimeOffset now)
    {
        Outcome<TransferRecord> next = record.After(transferEvent, now);
        if (!next.IsOk || ReferenceEquals(next.Value, record)) return next;
        return next.Value! with { FailureCode = cause.Code, FailureMessage = cause.Message };
    }
}
