using ChunkStream.Core.Erasure;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;
using ChunkStream.Storage;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>What a real gateway makes of data whose parity its sender keeps to itself.</summary>
public sealed class ParityAtRestTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayService _service = fixture.Service;

    [Fact]
    public async Task Parity_is_coded_and_committed_as_soon_as_a_stripes_data_is()
    {
        GatewayTransfer transfer = await _service.OpenAsync(parity: ParityMode.Adaptive);
        await using ClientLane lane = await _service.DialAsync(LaneKind.Tls, transfer.Ticket);
        await lane.WelcomeAsync();
        foreach (ChunkIndex index in Data(transfer, stripe: 0)) await lane.SendAsync(transfer, index);
        await lane.UntilCommittedAsync(transfer, [.. transfer.Chunks.Where(index => index.Stripe == 0)]);
        await AssertIsParityAsync(transfer, stripe: 0);
        Assert.DoesNotContain(await transfer.CommittedAsync(), index => index.Stripe == 1);

        // The last stripe is short.
        foreach (ChunkIndex index in Data(transfer, stripe: 1)) await lane.SendAsync(transfer, index);
        await lane.UntilCommittedAsync(transfer, [.. transfer.Chunks.Where(index => index.Stripe == 1)]);
        await AssertIsParityAsync(transfer, stripe: 1);
        Assert.Equal(transfer.Chunks.Order(), await transfer.CommittedAsync());
    }

    [Fact]
    public async Task Parity_that_could_not_be_written_is_coded_in_the_files_next_life()
    {
        GatewayTransfer transfer = await _service.OpenAsync(parity: ParityMode.Adaptive);
        _service.Store.OnWrite = index => transfer.Layout.IsParity(index) ? new StoreException(FailureCode.StoreFull, "The disk was told to be full.") : null;
        await using (ClientLane lane = await _service.DialAsync(LaneKind.Tls, transfer.Ticket))
        {
            await lane.WelcomeAsync();
            foreach (ChunkIndex index in Data(transfer, stripe: 0)) await lane.SendAsync(transfer, index);
            Assert.Equal(FailureCode.StoreFull, (await lane.FailsAsync()).Code);
        }
        Assert.Equal(Data(transfer, stripe: 0), await transfer.CommittedAsync());

        _service.Heal();
        await using ClientLane next = await _service.DialAsync(LaneKind.Tls, transfer.Ticket);
        await next.WelcomeAsync();
        await next.UntilCommittedAsync(transfer, [.. transfer.Chunks.Where(index => index.Stripe == 0)]);
        await AssertIsParityAsync(transfer, stripe: 0);
    }

    private static ChunkIndex[] Data(GatewayTransfer transfer, int stripe) =>
        [.. transfer.Chunks.Where(index => index.Stripe == stripe && !transfer.Layout.IsParity(index)).Order()];

    private async Task AssertIsParityAsync(GatewayTransfer transfer, int stripe)
    {
        FileLayout layout = transfer.Layout;
        var data = new ReadOnlyMemory<byte>[layout.DataShards];
        foreach (ChunkIndex index in Data(transfer, stripe)) data[index.Shard] = transfer.Bytes(index);
        Memory<byte>[] expected = [.. Enumerable.Range(0, layout.ParityShards).Select(_ => new byte[layout.ParityLength(stripe)])];
        ReedSolomon.Create(layout.DataShards, layout.ParityShards).Encode(data, expected);

        await using IShardFiles files = await _service.Store.CreateAsync(
            transfer.Opening.Transfer.FileId, layout, [.. Enumerable.Repeat("main", layout.ShardCount)], default);
        for (int row = 0; row < layout.ParityShards; row++)
        {
            byte[] found = new byte[layout.ParityLength(stripe)];
            ChunkRead read = await files.ReadAsync(new(stripe, layout.DataShards + row), found, default);
            Assert.Equal(ChunkFinding.Good, read.Chunk.Finding);
            Assert.Equal(expected[row].ToArray(), found);
        }
    }
}
