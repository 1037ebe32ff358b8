using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Transfers;
using Xunit;

namespace ChunkStream.Tests.Grains.Transfers;

public sealed class TransferStateMachineTests
{
    // What is allowed, event by event; everything else is refused.
    private static readonly Dictionary<(TransferState, TransferEvent), TransferState> Allowed = new()
    {
        [(TransferState.Idle, TransferEvent.Start)] = TransferState.Preparing,
        [(TransferState.Preparing, TransferEvent.Start)] = TransferState.Transferring,
        [(TransferState.Transferring, TransferEvent.Start)] = TransferState.Transferring,

        [(TransferState.Transferring, TransferEvent.ChunkCompleted)] = TransferState.Transferring,
        [(TransferState.Paused, TransferEvent.ChunkCompleted)] = TransferState.Paused,
        [(TransferState.Completing, TransferEvent.ChunkCompleted)] = TransferState.Completing,

        [(TransferState.Transferring, TransferEvent.Pause)] = TransferState.Paused,
        [(TransferState.Paused, TransferEvent.Pause)] = TransferState.Paused,

        [(TransferState.Paused, TransferEvent.Resume)] = TransferState.Transferring,
        [(TransferState.Transferring, TransferEvent.Resume)] = TransferState.Transferring,

        [(TransferState.Idle, TransferEvent.Cancel)] = TransferState.Failed,
        [(TransferState.Preparing, TransferEvent.Cancel)] = TransferState.Failed,
        [(TransferState.Transferring, TransferEvent.Cancel)] = TransferState.Failed,
        [(TransferState.Paused, TransferEvent.Cancel)] = TransferState.Failed,
        [(TransferState.Completing, TransferEvent.Cancel)] = TransferState.Failed,
        [(TransferState.Failed, TransferEvent.Cancel)] = TransferState.Failed,

        [(TransferState.Preparing, TransferEvent.NetworkFailure)] = TransferState.Preparing,
        [(TransferState.Transferring, TransferEvent.NetworkFailure)] = TransferState.Paused,
        [(TransferState.Paused, TransferEvent.NetworkFailure)] = TransferState.Paused,
        [(TransferState.Completing, TransferEvent.NetworkFailure)] = TransferState.Completing,
        [(TransferState.Failed, TransferEvent.NetworkFailure)] = TransferState.Failed,

        [(TransferState.Preparing, TransferEvent.NetworkRecovered)] = TransferState.Preparing,
        [(TransferState.Transferring, TransferEvent.NetworkRecovered)] = TransferState.Transferring,
        [(TransferState.Paused, TransferEvent.NetworkRecovered)] = TransferState.Transferring,
        [(TransferState.Completing, TransferEvent.NetworkRecovered)] = TransferState.Completing,

        [(TransferState.Transferring, TransferEvent.TransferComplete)] = TransferState.Completing,
        [(TransferState.Completing, TransferEvent.TransferComplete)] = TransferState.Completed,
        [(TransferState.Completed, TransferEvent.TransferComplete)] = TransferState.Completed,
    };

    public static TheoryData<TransferState, TransferEvent> EveryPair()
    {
        TheoryData<TransferState, TransferEvent> pairs = [];
        foreach (TransferState state in Enum.GetValues<TransferState>())
            foreach (TransferEvent transferEvent in Enum.GetValues<TransferEvent>())
                pairs.Add(state, transferEvent);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Every_event_in_every_state(TransferState state, TransferEvent transferEvent)
    {
        Outcome<TransferState> next = TransferStateMachine.Next(state, transferEvent);
        if (Allowed.TryGetValue((state, transferEvent), out TransferState expected))
        {
            Assert.Equal(expected, next.Ok());
            return;
        }
        Failure refusal = next.Refused(FailureCode.InvalidTransition);
        Assert.Contains(state.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(transferEvent.ToString(), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_seven_states_and_eight_events() => Assert.Equal(7 * 8, EveryPair().Count);

    [Fact]
    public void The_document_says_what_the_table_does() => Written.Equal("docs/state-machine.md", StateMachineDocument.Text());

    [Fact]
    public void Nothing_leaves_the_last_states()
    {
        foreach (TransferState ended in Enum.GetValues<TransferState>().Where(state => state.HasEnded()))
            Assert.All(Enum.GetValues<TransferEvent>(), transferEvent =>
            {
                Outcome<TransferState> next = TransferStateMachine.Next(ended, transferEvent);
                if (next.IsOk) Assert.Equal(ended, next.Value);
            });
    }
}
