using ChunkStream.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ChunkStream.Tests.Silo;

/// <summary>Orleans' reminder table over the schema in <c>deploy/sql</c>.</summary>
public sealed class ReminderTableTests : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_reminder_is_found_as_it_was_ordered_and_by_a_restarted_silo()
    {
        GrainId grain = Grain("a");
        string? tag = await Table.UpsertRow(Entry(grain, "cleanup", TimeSpan.FromDays(40)));
        TestSilo old = _silo;
        await old.StopAsync();
        _silo = await TestSilo.StartAsync(old.Folder);

        ReminderEntry? found = await Table.ReadRow(grain, "cleanup");
        Assert.NotNull(found);
        Assert.Equal((grain, "cleanup", Start, TimeSpan.FromDays(40), tag), (found.GrainId, found.ReminderName, found.StartAt, found.Period, found.ETag));
        Assert.Null(await Table.ReadRow(grain, "another"));
        Assert.Null(await Table.ReadRow(Grain("b"), "cleanup"));
    }

    [Fact]
    public async Task Ordering_it_again_replaces_it_under_a_new_tag()
    {
        GrainId grain = Grain("a");
        string? first = await Table.UpsertRow(Entry(grain, "r", TimeSpan.FromMinutes(1)));
        string? second = await Table.UpsertRow(Entry(grain, "r", TimeSpan.FromMinutes(2)));
        Assert.NotEqual(first, second);
        ReminderEntry only = Assert.Single((await Table.ReadRows(grain)).Reminders);
        Assert.Equal((TimeSpan.FromMinutes(2), second), (only.Period, only.ETag));
    }

    [Fact]
    public async Task Only_the_right_tag_removes_it_and_only_once()
    {
        GrainId grain = Grain("a");
        string? old = await Table.UpsertRow(Entry(grain, "r", TimeSpan.FromMinutes(1)));
        string? tag = await Table.UpsertRow(Entry(grain, "r", TimeSpan.FromMinutes(1)));
        Assert.False(await Table.RemoveRow(grain, "r", old!));
        Assert.NotNull(await Table.ReadRow(grain, "r"));
        Assert.True(await Table.RemoveRow(grain, "r", tag!));
        Assert.False(await Table.RemoveRow(grain, "r", tag!));
        Assert.Empty((await Table.ReadRows(grain)).Reminders);
    }

    [Fact]
    public async Task Every_part_of_the_ring_has_its_own_reminders()
    {
        GrainId[] grains = [.. Enumerable.Range(0, 40).Select(i => Grain($"grain-{i}"))];
        foreach (GrainId grain in grains) await Table.UpsertRow(Entry(grain, "r", TimeSpan.FromMinutes(1)));

        uint[] cuts = [0, 1, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xC000_0000, 0xFFFF_FFFF];
        foreach (uint begin in cuts)
            foreach (uint end in cuts)
            {
                // After the begin, up to and with the end, over the top where the end comes first; from a place to itself is the whole ring.
                bool IsIn(uint hash) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
                Assert.Equal(
                    grains.Where(grain => IsIn(grain.GetUniformHashCode())).Select(grain => grain.ToString()).Order(StringComparer.Ordinal),
                    // The silo has reminders of its own.
                    (await Table.ReadRows(begin, end)).Reminders.Where(entry => grains.Contains(entry.GrainId)).Select(entry => entry.GrainId.ToString()).Order(StringComparer.Ordinal));
            }
    }

    private IReminderTable Table => _silo.Host.Services.GetRequiredService<IReminderTable>();

    private static GrainId Grain(string key) => GrainId.Create("chunkstream.test", key);

    private static ReminderEntry Entry(GrainId grain, string name, TimeSpan period) =>
        new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = period };
}
