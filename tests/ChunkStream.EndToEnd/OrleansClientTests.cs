using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Orleans;
using ChunkStream.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TransferState = ChunkStream.Abstractions.Transfers.TransferState;

namespace ChunkStream.EndToEnd;

/// <summary>A plain Orleans client, which knows Abstractions and Sdk.Orleans and the silo's client port, and nothing else.</summary>
public sealed class OrleansClientTests
{
    [Fact]
    public async Task It_sends_a_file_drives_its_transfer_through_grains_and_gets_it_back()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 5L * 1024 * 1024);
        int port = FreePort.Next();
        await using Service service = await Service.StartAsync(folder["data"], clientPort: port);
        using IHost host = await ConnectAsync(port);
        IClusterClient cluster = host.Services.GetRequiredService<IClusterClient>();

        var control = new OrleansControlPlane(cluster, "carol");
        var client = new ChunkStreamClient(control);
        SendResult sent = await client.SendAsync(source);
        ITransferGrain transfer = cluster.GetGrain<ITransferGrain>(sent.TransferId);
        TransferInfo info = (await transfer.GetAsync("carol")).Value!;
        Assert.Equal((TransferState.Completed, sent.Blake3), (info.State, info.ContentHash!.Value));
        Assert.Equal(FailureCode.NotFound, (await transfer.GetAsync("somebody-else")).Code);
        Assert.Equal(FailureCode.InvalidTransition, (await transfer.PauseAsync("carol")).Code);
        Assert.Equal(1, await control.CountSessionsAsync(SessionStatus.Completed, default));
        SessionSummary session = Assert.Single((await control.ListSessionsAsync(null, null, 10, default)).Items);
        Assert.Equal((info.SessionId, SessionStatus.Completed), (session.Id, session.Status));

        await client.ReceiveAsync(sent.FileId, folder["back"]);
        Files.AssertIdentical(source, folder["back"]);

        // Through grains alone, without the SDK.
        var request = new TransferRequest { Owner = "carol", Direction = Abstractions.Transfers.TransferDirection.Send, Name = "other", SizeBytes = 1_000_000 };
        ITransferGrain second = cluster.GetGrain<ITransferGrain>(Guid.CreateVersion7());
        TransferOpening opening = (await second.CreateAsync(request)).Value!;
        Assert.Equal(TransferState.Paused, (await second.PauseAsync("carol")).Value!.State);
        Assert.Equal(opening.Plan.Layout.ChunkCount, (await second.GetSessionAsync("carol")).Value!.Remaining().Count);
        Assert.Equal(FailureCode.Cancelled, (await second.CancelAsync("carol")).Value!.FailureCode);
    }

    private static async Task<IHost> ConnectAsync(int port)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(port, serviceId: "chunkstream", clusterId: "chunkstream"));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
