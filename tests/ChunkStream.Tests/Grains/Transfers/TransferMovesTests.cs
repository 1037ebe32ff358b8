using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Transfers;
using ChunkStream.Tests.Grains.State;
using Xunit;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>What is kept beside the state: who paused, and what went wrong when.</summary>
public sealed class TransferMovesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Failure s_lost = new(FailureCode.PathLost, "The lane was lost.");

    private static readonly TransferRecord s_transferring = StoredStates.Transfer with
    {
        State = TransferState.Transferring,
        PausedByNetwork = false,
        FailureCode = FailureCode.None,
        FailureMessage = null,
        Failures = null,
    };

    [Fact]
    public void A_network_failure_is_kept_with_its_time_and_with_the_time_of_its_end()
    {
        TransferRecord lost = s_transferring.After(TransferEvent.NetworkFailure, s_start, s_lost).Ok();
        Assert.Equal((TransferState.Paused, true, FailureCode.PathLost), (lost.State, lost.PausedByNetwork, lost.FailureCode));
        Assert.Equal(new TransferFailure { At = s_start, Code = FailureCode.PathLost, Message = s_lost.Message }, Assert.Single(lost.Failures!));

        TransferRecord back = lost.After(TransferEvent.NetworkRecovered, s_start.AddSeconds(9)).Ok();
        Assert.Equal((TransferState.Transferring, FailureCode.None), (back.State, back.FailureCode));
        Assert.Equal(s_start.AddSeconds(9), Assert.Single(back.Failures!).RecoveredAt);
    }

    [Fact]
    public void Only_the_owner_resumes_what_the_owner_paused()
    {
        TransferRecord lost = s_transferring.After(TransferEvent.NetworkFailure, s_start, s_lost).Ok();
        TransferRecord paused = lost.After(TransferEvent.Pause, s_start).Ok();
        Assert.False(paused.PausedByNetwork);
        Assert.Same(paused, paused.After(TransferEvent.NetworkRecovered, s_start).Ok());
        Assert.Same(paused, paused.After(TransferEvent.NetworkFailure, s_start, s_lost).Ok());
        TransferRecord resumed = paused.After(TransferEvent.Resume, s_start.AddSeconds(1)).Ok();
        Assert.Equal(s_start.AddSeconds(1), Assert.Single(resumed.Failures!).RecoveredAt);
    }

    [Fact]
    public void The_last_failures_are_kept_and_the_same_again_is_the_same()
    {
        TransferRecord record = s_transferring;
        for (int i = 0; i < 3 * FailureHistory.Length; i++)
        {
            record = record.After(TransferEvent.NetworkFailure, s_start.AddSeconds(i), new(FailureCode.PathLost, new string('x', 1000))).Ok();
            record = record.After(TransferEvent.NetworkRecovered, s_start.AddSeconds(i + 0.5)).Ok();
        }
        Assert.Equal(FailureHistory.Length, record.Failures!.Count);
        Assert.Equal(s_start.AddSeconds(3 * FailureHistory.Length - 1), record.Failures[^1].At);
        Assert.All(record.Failures, failure => Assert.Equal(FailureHistory.MaxMessageChars, failure.Message.Length));

        TransferRecord failed = record.After(TransferEvent.Cancel, s_start.AddDays(1), new(FailureCode.FileChanged, "It grew.")).Ok();
        Assert.Equal((FailureCode.FileChanged, null), (failed.Failures![^1].Code, failed.Failures[^1].RecoveredAt));
        Assert.Same(failed, failed.WithFailure(new(FailureCode.FileChanged, "It grew again."), s_start.AddDays(2)));
    }
}
