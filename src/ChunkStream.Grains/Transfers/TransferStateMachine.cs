using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using static ChunkStream.Abstractions.Transfers.TransferState;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// What an event makes of a transfer's state: the whole of it is the table below.
/// <para>
/// The way of a transfer is Idle, Preparing, Transferring, Completing, Completed. <see cref="TransferEvent.Start"/> leads over the first
/// two steps: once to prepare, and once more when it has its homes; nothing is durable before both. <see cref="TransferEvent.TransferComplete"/>
/// leads over the last two: once when the client has nothing left to do, and once more when the service has found the file whole.
/// <see cref="TransferEvent.Cancel"/> ends a transfer without a file, whoever gives up; the failure's code says why. The owner and the
/// network both pause; who it was is kept beside the state, because only an owner resumes what an owner paused.
/// </para>
/// <para>
/// Where the table answers the state that it was asked about, the event is in order and changes nothing: commands may come twice.
/// A chunk may still be recorded while the transfer is paused or completing, because its bytes were under way.
/// </para>
/// </summary>
internal static class TransferStateMachine
{
    private static TransferState? Refused => null;

    // Rows: the state. Columns: the event, in the order of the enumeration.
    private static readonly TransferState?[][] Table =
    [
        //                  Start         ChunkCompleted  Pause    Resume        Cancel   NetworkFailure  NetworkRecovered  TransferComplete
        /* Idle         */ [Preparing,    Refused,        Refused, Refused,      Failed,  Refused,        Refused,          Refused],
        /* Preparing    */ [Transferring, Refused,        Refused, Refused,      Failed,  Preparing,      Preparing,        Refused],
        /* Transferring */ [Transferring, Transferring,   Paused,  Transferring, Failed,  Paused,         Transferring,     Completing],
        /* Paused       */ [Refused,      Paused,         Paused,  Transferring, Failed,  Paused,         Transferring,     Refused],
        /* Completing   */ [Refused,      Completing,     Refused, Refused,      Failed,  Completing,     Completing,       Completed],
        /* Completed    */ [Refused,      Refused,        Refused, Refused,      Refused, Refused,        Refused,          Completed],
        /* Failed       */ [Refused,      Refused,        Refused, Refused,      Failed,  Failed,         Refused,          Refused],
    ];

    /// <summary>The state after the event, or <c>invalid-transition</c>, which names both.</summary>
    public static Outcome<TransferState> Next(TransferState state, TransferEvent transferEvent) =>
        Table[(int)state][(int)transferEvent] is { } next
            ? next
            : new Failure(FailureCode.InvalidTransition, $"{transferEvent} isn't possible while the transfer is {state}.");
}
