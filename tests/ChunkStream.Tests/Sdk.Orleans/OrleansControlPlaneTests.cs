using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Orleans;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Tests.Sdk.Orleans;

/// <summary>The commands over the grains of a real silo.</summary>
[Collection(SharedSiloTests.Name)]
public sealed class OrleansControlPlaneTests(SharedSilo shared)
{
    private readonly string _owner = $"owner-{Guid.NewGuid():N}";

    private TestSilo Silo => shared.Silo;

    private OrleansControlPlane Plane => new(Silo.Grains, _owner);

    [Fact]
    public async Task A_file_is_sent_completed_read_listed_and_deleted()
    {
        Opening opening = await Plane.CreateTransferAsync(Request("../a name"), default);
        Assert.Equal(7, opening.Transfer.Id.Version);
        Assert.Equal(("../a name", 1_000_000L, 65536), (opening.Transfer.Name, opening.Transfer.SizeBytes, opening.Transfer.ChunkBytes));
        Assert.Equal(13, opening.Homes.Count);
        Assert.Equal(13, opening.Committed.Count);
        Assert.NotEmpty(opening.Ticket);
        Assert.Contains("127.0.0.1:7071", opening.Gateways[0].Endpoints);

        Opening again = await Plane.CreateTransferAsync(Request("../a name"), default);
        Assert.Equal((opening.Transfer.Id, true), (again.Transfer.Id, again.Existing));
        Guid id = opening.Transfer.Id;
        Assert.Equal(id, (await Plane.OpenTransferAsync(id, default)).Transfer.Id);

        Assert.Equal(TransferState.Paused, (await Plane.PauseAsync(id, default)).State);
        Assert.Equal(TransferState.Transferring, (await Plane.ResumeAsync(id, default)).State);
        Session session = await Plane.GetSessionAsync(id, default);
        Assert.Equal((id, 22, 0L, true), (session.TransferId, (int)session.TotalChunks, session.CommittedChunks, session.IsResumable));

        // As a gateway records them: every data chunk of both stripes.
        var chunks = new ChunkSet(13);
        for (int chunk = 0; chunk < 16; chunk++) chunks.Add(new ChunkIndex(chunk / 10, chunk % 10));
        await Silo.Session(opening.Transfer.SessionId).RecordCommittedAsync(chunks);
        session = await Plane.GetSessionAsync(id, default);
        Assert.Equal([0, 2], session.Committed[0]);
        await Plane.CompleteAsync(id, TestFiles.Hash(1), default);
        Transfer completed = await Eventually.GetAsync("the transfer to end", () => Plane.GetTransferAsync(id, default), transfer => transfer.HasEnded);
        Assert.Equal((TransferState.Completed, (Digest?)TestFiles.Hash(1)), (completed.State, completed.Blake3));

        StoredFile file = await Plane.GetFileAsync(completed.FileId, default);
        Assert.Equal(("../a name", TestFiles.Hash(1), FakeGateway.ManifestDigest, "healthy"), (file.Name, file.Blake3, file.ManifestDigest, file.Health));
        Opening reading = await Plane.OpenFileAsync(file.Id, default);
        Assert.Equal((Guid.Empty, file.Id, TransferDirection.Receive), (reading.Transfer.Id, reading.Transfer.FileId, reading.Transfer.Direction));
        Assert.Equal((file.Blake3, file.ManifestDigest), (reading.Blake3!.Value, reading.ManifestDigest!.Value));
        Assert.Equal(new VerifyReport(16, 0, 0, 0), await Plane.VerifyFileAsync(file.Id, default));
        Assert.Equal(file.Id, (await Plane.ListFilesAsync(new(), default)).Items.Single().Id);
        Assert.Equal(id, (await Plane.ListTransfersAsync(new(TransferState.Completed), default)).Items.Single().Id);

        await Plane.DeleteFileAsync(file.Id, default);
        await RefusedAsync(FailureCode.NotFound, () => Plane.GetFileAsync(file.Id, default));
    }

    [Fact]
    public async Task Listings_are_filtered_and_paged_and_a_text_that_is_no_cursor_is_refused()
    {
        foreach (string name in (string[])["a/2", "b", "a/1", "a/3"]) await Plane.CreateTransferAsync(Request(name), default);
        TransferQuery query = new(TransferState.Transferring, Priority: TransferPriority.Normal, NamePrefix: "a/", Limit: 2);
        Page<Transfer> first = await Plane.ListTransfersAsync(query, default);
        Page<Transfer> second = await Plane.ListTransfersAsync(query with { Cursor = first.Next }, default);
        Assert.Equal(["a/1", "a/2", "a/3"], first.Items.Concat(second.Items).Select(transfer => transfer.Name));
        Assert.Null(second.Next);
        Assert.Empty((await Plane.ListTransfersAsync(new(CreatedBefore: DateTimeOffset.UtcNow.AddDays(-1)), default)).Items);
        Assert.Equal(4, (await Plane.ListTransfersAsync(new(CreatedFrom: DateTimeOffset.UtcNow.AddDays(-1)), default)).Items.Count);
        await RefusedAsync(FailureCode.InvalidRequest, () => Plane.ListTransfersAsync(new(Cursor: "nowhere"), default));
        await RefusedAsync(FailureCode.InvalidRequest, () => Plane.ListFilesAsync(new(Cursor: Guid.NewGuid().ToString()), default));
    }

    [Fact]
    public async Task Cancelled_and_given_up_transfers_say_why()
    {
        Opening first = await Plane.CreateTransferAsync(Request("a"), default);
        Assert.Equal("cancelled", (await Plane.CancelAsync(first.Transfer.Id, default)).FailureCode);
        Opening second = await Plane.CreateTransferAsync(Request("b"), default);
        Transfer failed = await Plane.FailAsync(second.Transfer.Id, new(FailureCode.FileChanged, "It grew."), default);
        Assert.Equal((TransferState.Failed, "file-changed", "It grew."), (failed.State, failed.FailureCode, failed.FailureMessage));
        await RefusedAsync(FailureCode.InvalidTransition, () => Plane.PauseAsync(second.Transfer.Id, default));
    }

    [Fact]
    public async Task What_belongs_to_somebody_else_is_not_there()
    {
        Guid id = (await Plane.CreateTransferAsync(Request("a"), default)).Transfer.Id;
        var other = new OrleansControlPlane(Silo.Grains, "somebody-else");
        await RefusedAsync(FailureCode.NotFound, () => other.GetTransferAsync(id, default));
        await RefusedAsync(FailureCode.NotFound, () => other.GetSessionAsync(id, default));
        await RefusedAsync(FailureCode.NotFound, () => other.CancelAsync(id, default));
        await RefusedAsync(FailureCode.NotFound, () => Plane.GetTransferAsync(Guid.CreateVersion7(), default));
        await RefusedAsync(FailureCode.NotFound, () => Plane.GetFileAsync(Guid.CreateVersion7(), default));
    }

    [Fact]
    public async Task Paths_and_gateways_are_told()
    {
        var report = new PathReport { Key = "127.0.0.1>127.0.0.1:7071/quic", RoundTripMs = 2.5, BytesPerSecond = 1e6, LossRate = 0.5, Bytes = 10, Chunks = 2, Failures = 1 };
        PathState state = await Plane.ReportPathAsync(report, default);
        Assert.Equal((report.Key, 2.5, 10L), (state.Key, state.RoundTripMs, state.Bytes));
        Assert.Equal(report.Key, (await Plane.ListPathsAsync(default)).Single().Key);
        GatewayState gateway = Assert.Single(await Plane.ListGatewaysAsync(default), gateway => gateway.Address.GatewayId == Silo.Gateway.Id);
        Assert.Equal(2L << 40, gateway.TotalBytes);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_is_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Plane.ListPathsAsync(new CancellationToken(canceled: true)));

    private static CreateTransfer Request(string name) => new()
    {
        Direction = TransferDirection.Send,
        Name = name,
        SizeBytes = 1_000_000,
        Fingerprint = "print",
        ChunkBytes = 65536,
        RoundTripMs = 3,
        LossRate = 0.01,
    };

    private static async Task RefusedAsync(FailureCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ChunkStreamException>(call)).Code);
}
