using System.Text;
using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ChunkStream.Tests.Grains.Catalog;

/// <summary>Every combination of filters, compared with the same question asked of a list in memory, page by page.</summary>
public sealed class CatalogFilterTests : IAsyncLifetime
{
    private const int Transfers = 240;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["film", "film.mov", "Film", "films/ä", "filn", "filø", "", "\ud83c\udfac", "\ud83c\udfacs", "zeta", "100%", "100_"];

    private TestSilo _silo = null!;
    private CatalogStore _catalog = null!;
    private List<TransferInfo> _all = null!;

    public async Task InitializeAsync()
    {
        _silo = await TestSilo.StartAsync();
        _catalog = _silo.Host.Services.GetRequiredService<CatalogStore>();
        var random = new Random(7);
        _all = [.. Enumerable.Range(0, Transfers).Select(i => Row(i, random))];
        foreach (TransferInfo transfer in _all) await _catalog.SaveTransferAsync(transfer, 1, unsettled: false);
        await _catalog.SaveTransferAsync(Row(0, random) with { Id = Guid.CreateVersion7(Start), Owner = "bob" }, 1, unsettled: false);
    }

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Every_combination_of_filters_finds_what_it_says_in_its_order()
    {
        TransferState?[] states = [null, TransferState.Paused];
        TransferDirection?[] directions = [null, TransferDirection.Receive];
        TransferPriority?[] priorities = [null, TransferPriority.Low];
        string?[] prefixes = [null, "", "film", "\ud83c\udfac", "100_", "nothing"];
        (DateTimeOffset?, DateTimeOffset?)[] spans = [(null, null), (Start.AddMinutes(60), null), (null, Start.AddMinutes(90)), (Start.AddMinutes(60), Start.AddMinutes(180))];
        foreach (TransferState? state in states)
            foreach (TransferDirection? direction in directions)
                foreach (TransferPriority? priority in priorities)
                    foreach (string? prefix in prefixes)
                        foreach ((DateTimeOffset? from, DateTimeOffset? before) in spans)
                        {
                            CatalogQuery query = new()
                            {
                                Owner = TestFiles.Owner,
                                State = state,
                                Direction = direction,
                                Priority = priority,
                                NamePrefix = prefix,
                                CreatedFrom = from,
                                CreatedBefore = before,
                                Limit = 7,
                            };
                            Assert.Equal(Expected(query), await ListedAsync(query));
                        }
    }

    [Fact]
    public async Task Files_are_filtered_by_name_and_time()
    {
        List<StoredFile> files = [];
        foreach (TransferInfo transfer in _all.Take(40))
        {
            StoredFile file = new()
            {
                Id = transfer.Id,
                Owner = transfer.Owner,
                Name = transfer.Name,
                Layout = TestFiles.Layout,
                ContentHash = TestFiles.Hash(1),
                ManifestDigest = TestFiles.Hash(2),
                Homes = [],
                Health = FileHealth.Healthy,
                CreatedAt = transfer.CreatedAt,
            };
            files.Add(file);
            await _catalog.SaveFileAsync(file, 1, deleted: false, unsettled: false);
        }
        Page<StoredFile> first = await _catalog.ListFilesAsync(new() { Owner = TestFiles.Owner, NamePrefix = "film", Limit = 3, CreatedFrom = Start.AddMinutes(5) });
        Page<StoredFile> rest = await _catalog.ListFilesAsync(new() { Owner = TestFiles.Owner, NamePrefix = "film", CreatedFrom = Start.AddMinutes(5), After = first.Next });
        IEnumerable<Guid> expected = files.Where(file => file.Name.StartsWith("film", StringComparison.Ordinal) && file.CreatedAt >= Start.AddMinutes(5))
            .OrderBy(file => file.Name, ByBytes.Instance).ThenBy(file => file.Id.ToString("N"), StringComparer.Ordinal).Select(file => file.Id);
        Assert.Equal(3, first.Items.Count);
        Assert.Equal(expected, first.Items.Concat(rest.Items).Select(file => file.Id));
    }

    [Fact]
    public async Task A_cursor_survives_the_row_that_it_names_and_new_rows()
    {
        CatalogQuery query = new() { Owner = TestFiles.Owner, Limit = 10 };
        Page<TransferInfo> first = await _catalog.ListTransfersAsync(query);
        List<Guid> rest = [.. Expected(query).Skip(10)];
        await _catalog.SaveTransferAsync(first.Items[0] with { Id = Guid.CreateVersion7(Start.AddDays(1)) }, 1, unsettled: false);
        _silo.Database.Execute($"DELETE FROM transfers WHERE id = '{first.Next!.Id:N}'");
        Page<TransferInfo> second = await _catalog.ListTransfersAsync(query with { After = first.Next, Limit = 1000 });
        Assert.Equal(rest, second.Items.Select(transfer => transfer.Id));
    }

    [Fact]
    public void A_cursor_is_read_as_it_was_written_and_nothing_else_is_one()
    {
        foreach (CatalogCursor cursor in (CatalogCursor[])[new(Guid.CreateVersion7(), null), .. Names.Select(name => new CatalogCursor(Guid.CreateVersion7(), name))])
            Assert.Equal(cursor, CatalogCursor.Parse(cursor.ToString()));
        foreach (string text in (string[])["", "x", "019a2b3c-4d5e-7f60-8123-456789abcdef", "%%%", "AAAAAAAAAAAAAAAAAAAAAAAA"]) Assert.Null(CatalogCursor.Parse(text));
    }

    [Fact]
    public void No_page_needs_a_sort_of_all_that_it_could_show()
    {
        // PostgreSQL decides by how many rows there are, and a small table it reads whole: eng/bench.sh grains tells of a large one.
        if (TestDatabases.ArePostgreSql) return;
        CatalogQuery any = new() { Owner = TestFiles.Owner, After = new(Guid.CreateVersion7(), "film"), CreatedFrom = Start };
        CatalogQuery[] queries = [any, any with { State = TransferState.Paused }, any with { Priority = TransferPriority.Low }, any with { NamePrefix = "film" },
            any with { NamePrefix = "film", Direction = TransferDirection.Send }];
        foreach (CatalogQuery query in queries)
        {
            CatalogSelection selection = new(query, "");
            string sql = selection.Transfers("*", query);
            foreach (string parameter in selection.Parameters.ParameterNames) sql = sql.Replace("@" + parameter, "'x'", StringComparison.Ordinal);
            IReadOnlyList<string> plan = _silo.Database.Query("EXPLAIN QUERY PLAN " + sql, column: 3);
            Assert.Contains(plan, step => step.Contains("transfers_by_", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN transfers", StringComparison.Ordinal));
        }
    }

    private IEnumerable<Guid> Expected(CatalogQuery query)
    {
        IEnumerable<TransferInfo> found = _all.Where(transfer =>
            (query.State is null || transfer.State == query.State) && (query.Direction is null || transfer.Direction == query.Direction)
            && (query.Priority is null || transfer.Priority == query.Priority)
            && (query.NamePrefix is null || transfer.Name.StartsWith(query.NamePrefix, StringComparison.Ordinal))
            && (query.CreatedFrom is null || transfer.CreatedAt >= query.CreatedFrom) && (query.CreatedBefore is null || transfer.CreatedAt < query.CreatedBefore));
        return (query.NamePrefix is null
            ? found.OrderByDescending(transfer => transfer.Id.ToString("N"), StringComparer.Ordinal)
            : found.OrderBy(transfer => transfer.Name, ByBytes.Instance).ThenBy(transfer => transfer.Id.ToString("N"), StringComparer.Ordinal))
            .Select(transfer => transfer.Id);
    }

    private async Task<List<Guid>> ListedAsync(CatalogQuery query)
    {
        List<Guid> listed = [];
        Page<TransferInfo> page;
        do
        {
            page = await _catalog.ListTransfersAsync(query);
            Assert.True(page.Items.Count == query.Limit || page.Next is null);
            listed.AddRange(page.Items.Select(transfer => transfer.Id));
            query = query with { After = page.Next };
        }
        while (page.Next is not null);
        return listed;
    }

    private static TransferInfo Row(int index, Random random)
    {
        DateTimeOffset created = Start.AddMinutes(index);
        return new()
        {
            Id = Guid.CreateVersion7(created),
            SessionId = Guid.CreateVersion7(created),
            FileId = Guid.CreateVersion7(created),
            Direction = (TransferDirection)random.Next(2),
            State = (TransferState)random.Next(7),
            Owner = TestFiles.Owner,
            Name = Names[random.Next(Names.Length)],
            SizeBytes = TestFiles.SizeBytes,
            ChunkBytes = TestFiles.ChunkBytes,
            DataShards = 4,
            ParityShards = 2,
            Priority = (TransferPriority)random.Next(3),
            CreatedAt = created,
            UpdatedAt = created,
            TotalChunks = TestFiles.Layout.ChunkCount,
            CommittedChunks = 0,
            CommittedBytes = 0,
        };
    }

    /// <summary>As databases compare UTF-8, which isn't as UTF-16 is compared.</summary>
    private sealed class ByBytes : IComparer<string>
    {
        public static readonly ByBytes Instance = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
