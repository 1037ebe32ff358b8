using System.Text;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.Transfers;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>Writes docs/state-machine.md from the table.</summary>
internal static class StateMachineDocument
{
    private static readonly TransferState[] States = Enum.GetValues<TransferState>();
    private static readonly TransferEvent[] Events = Enum.GetValues<TransferEvent>();

    public static string Text()
    {
        var text = new StringBuilder("""
            # A transfer's states

            Seven states, eight events, and what each event makes of each state. This page is generated from the table in
            [TransferStateMachine](../src/ChunkStream.Grains/Transfers/TransferStateMachine.cs), and a test compares the two. Events that leave the
            state as it is are in the table and not in the diagram: they are in order and change nothing, because everything may come twice.

            ```mermaid
            stateDiagram-v2
                [*] --> Idle

            """);
        foreach (TransferState from in States)
            foreach (var arrow in Events.Select(transferEvent => (Event: transferEvent, To: TransferStateMachine.Next(from, transferEvent)))
                .Where(next => next.To.IsOk && next.To.Value != from).GroupBy(next => next.To.Value, next => next.Event))
                text.Append($"    {from} --> {arrow.Key} : {string.Join(", ", arrow)}\n");
        foreach (TransferState end in States.Where(state => state.HasEnded())) text.Append($"    {end} --> [*]\n");
        text.Append("```\n\n");

        text.Append($"| | {string.Join(" | ", Events)} |\n|---|{string.Concat(Events.Select(_ => "---|"))}\n");
        foreach (TransferState from in States)
            text.Append($"| **{from}** | {string.Join(" | ", Events.Select(transferEvent => Cell(TransferStateMachine.Next(from, transferEvent))))} |\n");
        text.Append("""

            An empty cell is refused with `invalid-transition`, naming state and event.

            | event | comes from |
            |---|---|
            | Start | the grain itself: once to prepare, once when it has its homes; both are in its first write |
            | ChunkCompleted | the session, for chunks that are flushed and recorded |
            | Pause, Resume, Cancel | the owner; Cancel also whoever gives the transfer up, with the reason |
            | NetworkFailure | the gateway that has lost the transfer's last lane, or the client that finds no path |
            | NetworkRecovered | the gateway that a lane has come to, or the client that opens the transfer again |
            | TransferComplete | the client, or the session of a transfer whose hash was known beforehand; then the service, when the file is whole |

            Owner and network both pause. Which of them it was is kept beside the state: what the network stopped goes on with the next lane, what the
            owner paused only by the owner's Resume. The last 16 failures are kept with their times, and with the time at which they were over.

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Cell(Outcome<TransferState> next) => next.IsOk ? next.Value.ToString() : "";
}
