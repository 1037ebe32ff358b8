using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Sending;
using ChunkStream.Tests.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Protocol.Sending;

public sealed class SendLedgerTests
{
    private const int ChunkBytes = FileLayout.MinChunkBytes;

    // Three stripes of 2 + 1, of which the last has one data chunk, which is short.
    private static readonly FileLayout s_layout = new(4L * ChunkBytes + 100, ChunkBytes, 2, 1);
    private static readonly ChunkIndex[] s_chunks = Layouts.ChunksOf(s_layout);
    private static readonly Guid[] s_lives = [Guid.Empty, Guid.Parse("11111111-0000-0000-0000-000000000000"), Guid.Parse("22222222-0000-0000-0000-000000000000")];

    // 0 begin, 1 and 2 sent, 3 to 5 accepted, 6 and 7 committed, 8 welcome, 9 given up.
    private static readonly Gen<(int Kind, int Chunk, int Other, int Life)[]> s_steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, s_chunks.Length - 1], Gen.Int[0, s_chunks.Length - 1], Gen.Int[0, 2]).Array[0, 60];

    [Fact]
    public void Knows_what_a_naive_model_knows() => Gen.Select(Layouts.SetOf(s_layout), s_steps).Sample((before, steps) =>
    {
        var ledger = new SendLedger(s_layout, before);
        var model = new NaiveLedger(s_layout, Layouts.Members(before));
        var last = ledger.Progress;
        foreach (var (kind, chunk, other, life) in steps)
        {
            Step(ledger, model, kind, s_chunks[chunk], s_chunks[other], s_lives[life]);

            var (sent, accepted, committed) = ledger.Progress;
            Assert.Equal((model.SentBytes, model.AcceptedBytes, model.CommittedBytes), (sent, accepted, committed));
            Assert.True(sent >= last.SentBytes && accepted >= last.AcceptedBytes && committed >= last.CommittedBytes, "Progress went back.");
            Assert.True(sent >= accepted && accepted >= committed, $"{sent}, {accepted}, {committed}");
            last = (sent, accepted, committed);

            Assert.Equal(model.IsSettled, ledger.Settled.IsCompleted);
            Assert.Equal(model.OpenStripes, ledger.OpenStripes);
            for (int stripe = 0; stripe < s_layout.StripeCount; stripe++) Assert.Equal(model.IsOpen(stripe), ledger.IsOpen(stripe));
            foreach (ChunkIndex index in s_chunks) Assert.Equal(model.IsWanted(index), ledger.IsWanted(index));
        }
    }, iter: 3_000);

    [Fact]
    public void Does_without_a_chunk_where_the_stripe_has_enough_others()
    {
        var ledger = new SendLedger(s_layout, new(s_layout.ShardCount));
        for (int stripe = 0; stripe < s_layout.StripeCount; stripe++) ledger.Begin(stripe);
        ledger.MayDoWithout(new(0, 1));
        ledger.Accept(new(0, 0), Guid.Empty);
        Assert.False(ledger.TryDoWithout(new(0, 1)));
        ledger.Accept(new(0, 2), Guid.Empty);
        Assert.True(ledger.TryDoWithout(new(0, 1)));
        Assert.False(ledger.IsWanted(new(0, 1)));
        // What is given up on doesn't count as there.
        ledger.GiveUp(new(1, 0));
        ledger.Accept(new(1, 1), Guid.Empty);
        ledger.MayDoWithout(new(1, 2));
        Assert.False(ledger.TryDoWithout(new(1, 2)));
        // One that nobody lost is sent, however many others are there.
        var full = new SendLedger(s_layout, new(s_layout.ShardCount));
        full.Begin(0);
        full.Accept(new(0, 0), Guid.Empty);
        full.Accept(new(0, 1), Guid.Empty);
        Assert.False(full.TryDoWithout(new(0, 2)));
    }

    [Fact]
    public void A_late_chunk_is_sent_once_more_and_done_without_when_the_others_are_there()
    {
        var ledger = new SendLedger(s_layout, new(s_layout.ShardCount));
        ledger.Begin(0);
        Assert.Equal(LateChunk.Send, ledger.Late(new(0, 1), out ChunkIndex send));
        Assert.Equal(new(0, 1), send);
        Assert.Equal(LateChunk.Wait, ledger.Late(new(0, 1), out _));
        ledger.Accept(new(0, 0), Guid.Empty);
        Assert.Equal(LateChunk.Wait, ledger.Late(new(0, 0), out _));
        ledger.Accept(new(0, 2), Guid.Empty);
        Assert.Equal(LateChunk.DoWithout, ledger.Late(new(0, 1), out _));
        Assert.False(ledger.IsWanted(new(0, 1)));
        Assert.Equal(LateChunk.Wait, ledger.Late(new(2, 0), out _));
    }

    [Fact]
    public void Withheld_parity_is_sent_in_place_of_a_late_chunk()
    {
        var ledger = new SendLedger(s_layout, new(s_layout.ShardCount));
        ledger.Begin(0);
        ledger.Withhold(new(0, 2));
        Assert.False(ledger.IsWanted(new(0, 2)));
        Assert.Equal(LateChunk.Send, ledger.Late(new(0, 1), out ChunkIndex send));
        Assert.Equal(new(0, 2), send);
        Assert.True(ledger.IsWanted(new(0, 2)));
        ledger.Accept(new(0, 0), Guid.Empty);
        ledger.Accept(new(0, 2), Guid.Empty);
        Assert.Equal(LateChunk.DoWithout, ledger.Late(new(0, 1), out _));
    }

    [Fact]
    public void A_chunk_may_fail_where_the_others_of_its_stripe_can_still_arrive()
    {
        var ledger = new SendLedger(s_layout, new(s_layout.ShardCount));
        ledger.Begin(0);
        Assert.True(ledger.TryFail(new(0, 2)));
        Assert.False(ledger.IsWanted(new(0, 2)));
        // Two are left, and two are needed.
        Assert.False(ledger.TryFail(new(0, 1)));
        Assert.True(ledger.IsWanted(new(0, 1)));
        // What isn't waited for any more hasn't failed.
        Assert.True(ledger.TryFail(new(0, 2)));
    }

    [Fact]
    public void A_committed_chunk_counts_as_there_though_its_lane_never_said_that_it_was_accepted()
    {
        var ledger = new SendLedger(s_layout, new(s_layout.ShardCount));
        ledger.Begin(0);
        var committed = new ChunkSet(s_layout.ShardCount);
        committed.Add(new ChunkIndex(0, 0));
        committed.Add(new ChunkIndex(0, 1));
        ledger.Commit(committed);
        ledger.MayDoWithout(new(0, 1));
        ledger.MayDoWithout(new(0, 2));
        Assert.False(ledger.TryDoWithout(new(0, 1)));
        Assert.True(ledger.TryDoWithout(new(0, 2)));
    }

    [Fact]
    public void Is_settled_when_every_chunk_is_committed_or_given_up_on() =>
        Gen.Select(Layouts.SetOf(s_layout), Gen.Bool.Array[s_chunks.Length], Gen.Int).Sample((before, givesUp, seed) =>
        {
            var ledger = new SendLedger(s_layout, before);
            for (int stripe = 0; stripe < s_layout.StripeCount; stripe++) ledger.Begin(stripe);
            int[] order = [.. Enumerable.Range(0, s_chunks.Length)];
            new Random(seed).Shuffle(order);
            foreach (int i in order)
            {
                Assert.Equal(ledger.OpenStripes == 0, ledger.Settled.IsCompleted);
                if (givesUp[i]) ledger.GiveUp(s_chunks[i]);
                else ledger.Commit(Layouts.SetOf(s_layout.ShardCount, s_chunks[i]));
            }
            Assert.True(ledger.Settled.IsCompletedSuccessfully);
        });

    [Fact]
    public void An_empty_file_is_settled_from_the_start() =>
        Assert.True(new SendLedger(new(0, ChunkBytes, 2, 1), new(3)).Settled.IsCompletedSuccessfully);

    [Fact]
    public void What_is_told_committed_before_its_stripe_begins_is_never_sent()
    {
        // Another client sends the same file, or a former life of this one has: the gateway tells of it once, and not again.
        var ledger = new SendLedger(s_layout, new(3));
        ledger.Begin(0);
        ledger.Commit(Layouts.SetOf(3, new ChunkIndex(0, 0), new ChunkIndex(1, 0), new ChunkIndex(2, 0)));

        Assert.Equal([1, 2], ledger.Begin(1));
        Assert.Equal([2], ledger.Begin(2));
        Assert.Equal(2, ledger.CommittedBefore);
        Assert.Equal(2L * ChunkBytes + 100, ledger.Progress.CommittedBytes);
    }

    [Fact]
    public void Stripes_begin_in_order()
    {
        var ledger = new SendLedger(s_layout, new(3));
        Assert.Throws<InvalidOperationException>(() => ledger.Begin(1));
        ledger.Begin(0);
        Assert.Throws<InvalidOperationException>(() => ledger.Begin(0));
    }

    [Fact]
    public async Task Room_comes_when_a_stripe_closes()
    {
        var ledger = new SendLedger(s_layout, new(3));
        ledger.Begin(0);
        ledger.Begin(1);
        Assert.True(ledger.WaitForRoomAsync(3, default).AsTask().IsCompletedSuccessfully);
        Task room = ledger.WaitForRoomAsync(2, default).AsTask();
        for (int shard = 0; shard < 3; shard++)
        {
            Assert.False(room.IsCompleted);
            ledger.GiveUp(new(1, shard));
        }
        await Soon.DoneAsync("room after a stripe has closed", room);
    }

    [Fact]
    public async Task Waiting_for_room_can_be_cancelled()
    {
        var ledger = new SendLedger(s_layout, new(3));
        ledger.Begin(0);
        using var cancelled = new CancellationTokenSource();
        Task room = ledger.WaitForRoomAsync(1, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room);
    }

    private static void Step(SendLedger ledger, NaiveLedger model, int kind, ChunkIndex chunk, ChunkIndex other, Guid life)
    {
        switch (kind)
        {
            case 0 when model.NextStripe < s_layout.StripeCount:
                int stripe = model.NextStripe;
                Assert.Equal(model.Begin().Select(index => index.Shard), ledger.Begin(stripe));
                break;
            case 1 or 2:
                model.Sent(chunk);
                ledger.Sent(chunk);
                break;
            case >= 3 and <= 5:
                Assert.Equal(model.Accept(chunk, life), ledger.Accept(chunk, life));
                break;
            case 6 or 7:
                model.Commit([chunk, other]);
                ledger.Commit(Layouts.SetOf(s_layout.ShardCount, chunk, other));
                break;
            case 8:
                Assert.Equal(model.Welcome(life), ledger.Welcome(life));
                break;
            case 9:
                model.GiveUp(chunk);
                ledger.GiveUp(chunk);
                break;
        }
    }
}
