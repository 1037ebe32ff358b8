using System.Net;
using ChunkStream.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ChunkStream.Cluster;

/// <summary>Orleans' membership table over the schema in <c>deploy/sql/postgresql</c>: of two that decide from the same picture, one may write.</summary>
public sealed class MembershipTableTests : IAsyncLifetime
{
    // Whole seconds, for the database keeps microseconds; and of today, for a silo that starts removes what has been dead for a week.
    private static readonly DateTime Started = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).UtcDateTime;

    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_silo_is_found_as_it_was_written()
    {
        MembershipEntry entry = Dead(11111);
        Assert.True(await InsertAsync(entry));
        entry.SuspectTimes = [Tuple.Create(Address(22222), Started)];
        entry.IAmAliveTime = Started.AddMinutes(1);
        Assert.True(await UpdateAsync(entry));

        MembershipTableData read = await Table.ReadRowAsync(entry.SiloAddress, default);
        MembershipEntry found = Assert.Single(read.Members).Item1;
        Assert.Equal((entry.SiloAddress, entry.SiloName, entry.HostName, entry.Status, entry.ProxyPort), (found.SiloAddress, found.SiloName, found.HostName, found.Status, found.ProxyPort));
        Assert.Equal((Started, Started.AddMinutes(1)), (found.StartTime, found.IAmAliveTime));
        Assert.Equal(Address(22222), Assert.Single(found.SuspectTimes!).Item1);
        Assert.Equal(2, (await Table.ReadAllAsync(default)).Members.Count);
        Assert.Empty((await Table.ReadRowAsync(Address(33333), default)).Members);
    }

    [Fact]
    public async Task A_picture_that_is_old_changes_nothing()
    {
        MembershipTableData old = await Table.ReadAllAsync(default);
        Assert.True(await Table.InsertRowAsync(Dead(11111), old.Version.Next(), default));
        Assert.False(await Table.InsertRowAsync(Dead(22222), old.Version.Next(), default));
        MembershipTableData now = await Table.ReadAllAsync(default);
        Assert.Equal(old.Version.Version + 1, now.Version.Version);
        // One that is there already isn't added, and the cluster's version stays.
        Assert.False(await Table.InsertRowAsync(Dead(11111), now.Version.Next(), default));
        Assert.False(await Table.UpdateRowAsync(Dead(22222), now.Version.VersionEtag, now.Version.Next(), default));
        Assert.Equal(now.Version.Version, (await Table.ReadAllAsync(default)).Version.Version);
        Assert.Equal(2, now.Members.Count);
    }

    [Fact]
    public async Task Many_that_write_at_once_all_get_their_turn()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            while (!await InsertAsync(Dead(20000 + i)))
            {
                // Another was first: look again.
            }
        }));
        Assert.Equal(9, (await Table.ReadAllAsync(default)).Members.Count);
    }

    [Fact]
    public async Task Rows_of_the_dead_are_cleaned_up_and_those_of_the_living_are_not()
    {
        Assert.True(await InsertAsync(Dead(11111)));
        await Table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Started.AddDays(-1)), default);
        Assert.Equal(2, (await Table.ReadAllAsync(default)).Members.Count);
        await Table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddDays(1), default);
        MembershipEntry alive = Assert.Single((await Table.ReadAllAsync(default)).Members).Item1;
        Assert.Equal(SiloStatus.Active, alive.Status);
    }

    private IMembershipTable Table => _silo.Host.Services.GetRequiredService<IMembershipTable>();

    private async Task<bool> InsertAsync(MembershipEntry entry) => await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(default)).Version.Next(), default);

    private async Task<bool> UpdateAsync(MembershipEntry entry)
    {
        TableVersion version = (await Table.ReadAllAsync(default)).Version;
        return await Table.UpdateRowAsync(entry, version.VersionEtag, version.Next(), default);
    }

    private static SiloAddress Address(int port) => SiloAddress.New(IPAddress.Loopback, port, 7);

    // Dead, so that the living silo doesn't look for it.
    private static MembershipEntry Dead(int port) => new()
    {
        SiloAddress = Address(port),
        SiloName = "a silo",
        HostName = "a host",
        Status = SiloStatus.Dead,
        ProxyPort = 30000,
        StartTime = Started,
        IAmAliveTime = Started,
    };
}
