using System.Globalization;
using System.Text;
using ChunkStream.Abstractions.Catalog;
using Dapper;

namespace ChunkStream.Grains.Catalog;

/// <summary>
/// The statement that finds a page. Its time must depend on the page and not on how many rows there are, so it walks an index from the
/// cursor on and stops when the page is full. Filters by state, direction and priority stand in front of the order in their index: where
/// one is left open, the page is merged from one walk for each of its values, none longer than a page. That the walks are bounded one by one
/// keeps PostgreSQL, which doesn't merge the parts of a union as they come, from reading and sorting all of them.
/// <para>
/// Ids are version 7 UUIDs, so a span of time is a range of ids. In the order of names it is looked at row by row.
/// </para>
/// </summary>
internal sealed class CatalogSelection
{
    private readonly StringBuilder _where = new("owner = @owner");
    private readonly DynamicParameters _parameters = new();
    private readonly string _limit;

    /// <param name="onlyListed">A condition that every row of the table must meet, or an empty text.</param>
    public CatalogSelection(CatalogQuery query, string onlyListed)
    {
        ByName = query.NamePrefix is not null;
        Add("owner", query.Owner);
        _where.Append(onlyListed);
        // At most one bound on each side of a column: of two, a database may walk from the wrong one.
        if (ByName) BoundNames(query.NamePrefix!, query.After);
        string? before = query.CreatedBefore is { } time ? FirstId(time) : null;
        if (!ByName && query.After is { } after && (before is null || string.CompareOrdinal(CursorId(after), before) < 0)) before = CursorId(after);
        // As an expression, no index serves it: in the order of names the walk is to be by name, and not by time with a sort of all that it finds.
        string id = ByName ? "id || ''" : "id";
        if (query.CreatedFrom is { } from) Add("from", FirstId(from), $" AND {id} >= @from");
        if (before is not null) Add("before", before, $" AND {id} < @before");
        // One more than asked for tells whether there is another page. Written out: PostgreSQL takes a limit that it doesn't know for a large one.
        _limit = string.Create(CultureInfo.InvariantCulture, $"LIMIT {query.Limit + 1}");
    }

    /// <summary>Whether the page is in the order of names, and not newest first.</summary>
    public bool ByName { get; }

    public DynamicParameters Parameters => _parameters;

    private string Order => ByName ? "name, id" : "id DESC";

    /// <summary>A page of files.</summary>
    public string Files(string columns) => $"SELECT {columns} FROM files WHERE {_where} ORDER BY {Order} {_limit}";

    /// <summary>A page of transfers of these kinds.</summary>
    public string Transfers(string columns, CatalogQuery query)
    {
        if (query is { State: null, Direction: null, Priority: null }) return $"SELECT {columns} FROM transfers WHERE {_where} ORDER BY {Order} {_limit}";
        string ordered = ByName ? "name, id" : "id";
        string walks = string.Join(" UNION ALL ",
            from state in Values(query.State)
            from direction in Values(query.Direction)
            from priority in Values(query.Priority)
            select string.Create(CultureInfo.InvariantCulture,
                $"""
                SELECT * FROM (SELECT {ordered} FROM transfers
                  WHERE {_where} AND state = {(int)state} AND direction = {(int)direction} AND priority = {(int)priority} ORDER BY {Order} {_limit}) AS walk
                """));
        return $"SELECT {columns} FROM transfers WHERE id IN (SELECT id FROM ({walks} ORDER BY {Order} {_limit}) AS page) ORDER BY {Order}";
    }

    private void BoundNames(string prefix, CatalogCursor? after)
    {
        if (after?.Name is { } name && name.StartsWith(prefix, StringComparison.Ordinal))
        {
            Add("id", CursorId(after));
            Add("name", name, " AND (name, id) > (@name, @id)");
        }
        else if (prefix.Length > 0)
        {
            Add("prefix", prefix, " AND name >= @prefix");
        }
        if (FirstBehind(prefix) is { } behind) Add("behind", behind, " AND name < @behind");
    }

    private void Add(string parameter, object value, string condition = "")
    {
        _parameters.Add(parameter, value);
        _where.Append(condition);
    }

    private static string CursorId(CatalogCursor cursor) => cursor.Id.ToString("N");

    private static T[] Values<T>(T? wanted) where T : struct, Enum => wanted is { } one ? [one] : Enum.GetValues<T>();

    /// <summary>The smallest text that is greater than every text with this prefix, as UTF-8 is compared; null where there is none.</summary>
    private static string? FirstBehind(string prefix)
    {
        Rune[] runes = [.. prefix.EnumerateRunes()];
        for (int last = runes.Length - 1; last >= 0; last--)
        {
            int next = runes[last].Value + 1;
            // Surrogates are no characters of their own.
            if (next == 0xD800) next = 0xE000;
            if (Rune.IsValid(next)) return string.Concat(runes[..last].Select(rune => rune.ToString())) + new Rune(next);
        }
        return null;
    }

    // The first 48 bits of a version 7 UUID are Unix milliseconds.
    private static string FirstId(DateTimeOffset time) =>
        Math.Clamp(time.ToUnixTimeMilliseconds(), 0, (1L << 48) - 1).ToString("x12", CultureInfo.InvariantCulture);
}
