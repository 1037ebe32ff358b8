using System.Globalization;
using ChunkStream.Cli.Parsing;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Output;

/// <summary>Values as people read them, in every command alike.</summary>
internal static class Texts
{
    /// <summary>A name that somebody else chose: nothing in it moves the cursor.</summary>
    public static string Name(string name) => Excerpt.Of(name);

    /// <summary>A message on one line; it may carry what another program said.</summary>
    public static string Line(string message) =>
        string.Concat(message.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? ' ' : c));

    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Rate(long bytes, TimeSpan elapsed) => SizeText.Format(elapsed > TimeSpan.Zero ? bytes / elapsed.TotalSeconds : 0) + "/s";

    public static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    /// <summary>A table without lines, which reads well and greps well.</summary>
    public static Table Plain(params string[] headers)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (string header in headers) table.AddColumn(new TableColumn(new Text(header)) { NoWrap = true, Padding = new(0, 0, 2, 0) });
        return table;
    }

    public static Table Row(this Table table, params string[] cells)
    {
        table.AddRow(cells.Select(cell => new Text(cell)));
        return table;
    }

    /// <summary>Names and values below one another.</summary>
    public static void Details(this IAnsiConsole console, params (string Name, string? Value)[] details)
    {
        int width = details.Max(detail => detail.Name.Length);
        foreach ((string name, string? value) in details)
            if (value is not null) console.WriteLine($"{name.PadRight(width)}  {value.Replace("\n", "\n".PadRight(width + 3), StringComparison.Ordinal)}");
    }
}
