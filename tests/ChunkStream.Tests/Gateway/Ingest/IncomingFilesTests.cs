using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Gateway;
using ChunkStream.Gateway.Ingest;
using Xunit;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>The incoming files of a real gateway, over real grains.</summary>
public sealed class IncomingFilesTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayService _service = fixture.Service;

    [Fact]
    public async Task A_file_has_its_transfers_priority_when_it_is_opened_and_when_it_changes()
    {
        IncomingFiles files = _service.Get<IncomingFiles>();
        GatewayTransfer transfer = await _service.OpenAsync();
        await _service.Control.SetPriorityAsync(transfer.Id, ChunkStream.Sdk.Control.TransferPriority.High, default);
        Outcome<IncomingFileLease> opened = await files.OpenAsync(transfer.Id, default);
        await using IncomingFileLease lease = opened.Value!;
        Assert.Equal(TransferPriority.High, lease.File.Priority);

        await _service.Control.SetPriorityAsync(transfer.Id, ChunkStream.Sdk.Control.TransferPriority.Low, default);
        Assert.Equal(TransferPriority.Low, lease.File.Priority);
        // A transfer that isn't open here is none of this gateway's business.
        await _service.Get<GatewayControl>().SetPriorityAsync(Guid.CreateVersion7(), TransferPriority.High);
    }
}
