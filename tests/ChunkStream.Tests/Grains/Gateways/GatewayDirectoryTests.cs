using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Failures;
using Xunit;

namespace ChunkStream.Tests.Grains.Gateways;

public sealed class GatewayDirectoryTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestSilo _silo = null!;
    private IGatewayDirectoryGrain _directory = null!;

    public async Task InitializeAsync()
    {
        _silo = await TestSilo.StartAsync(time: _time, announce: false);
        _directory = _silo.Grains.GetGrain<IGatewayDirectoryGrain>(0);
    }

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Without_a_gateway_there_is_no_place()
    {
        Assert.Empty(await _directory.ListAsync());
        (await _directory.PlaceAsync(TestFiles.Layout)).Refused(FailureCode.NoGateway);
        (await _directory.GetControlAsync("gateway-1")).Refused(FailureCode.NoGateway);
        (await _silo.Transfer(Guid.CreateVersion7()).CreateAsync(TestFiles.Send())).Refused(FailureCode.NoGateway);
    }

    [Fact]
    public async Task A_gateway_that_has_announced_itself_is_found_and_called()
    {
        await _silo.Gateway.AnnounceAsync(_silo.Grains);
        Assert.Equal("gateway-1", Assert.Single(await _directory.FindAsync(["gateway-1", "gateway-2"])).Address.GatewayId);
        await (await _directory.GetControlAsync("gateway-1")).Ok().DropAsync(Guid.Empty);
        Assert.Equal(Guid.Empty, Assert.Single(_silo.Gateway.Dropped));

        await _silo.Gateway.LeaveAsync(_silo.Grains);
        Assert.Empty(await _directory.ListAsync());
    }

    [Fact]
    public async Task A_gateway_that_falls_silent_is_forgotten()
    {
        FakeGateway other = new("gateway-2");
        await _silo.Gateway.AnnounceAsync(_silo.Grains);
        await other.AnnounceAsync(_silo.Grains);
        _time.Advance(IGatewayDirectoryGrain.Forgotten);
        await other.AnnounceAsync(_silo.Grains);
        Assert.Equal(2, (await _directory.ListAsync()).Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("gateway-2", Assert.Single(await _directory.ListAsync()).Address.GatewayId);
        (await _directory.GetControlAsync("gateway-1")).Refused(FailureCode.NoGateway);
    }

    [Fact]
    public async Task A_file_is_placed_on_one_gateway_that_has_room_and_over_all_of_its_volumes()
    {
        FakeGateway small = new("small"), large = new("large");
        await small.AnnounceAsync(_silo.Grains, freeBytes: 1000);
        await large.AnnounceAsync(_silo.Grains, freeBytes: 1 << 30, volumes: 3);
        IReadOnlyList<ShardHome> homes = (await _directory.PlaceAsync(TestFiles.Layout)).Ok();
        Assert.Equal(6, homes.Count);
        Assert.All(homes, home => Assert.Equal("large", home.GatewayId));
        Assert.All(homes.GroupBy(home => home.VolumeId), volume => Assert.Equal(2, volume.Count()));

        await large.LeaveAsync(_silo.Grains);
        Failure full = (await _directory.PlaceAsync(TestFiles.Layout)).Refused(FailureCode.StoreFull);
        Assert.Contains("2000", full.Message, StringComparison.Ordinal);
        await small.LeaveAsync(_silo.Grains);
    }
}
