using System.Globalization;
using System.Text.Json;

namespace ChunkStream.Cli.Bench;

/// <summary>Shows rows to people and keeps them for programs.</summary>
internal static class BenchTable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(IReadOnlyList<BenchRow> rows, TextWriter output)
    {
        string[][] cells = [
            ["case", "value", "unit", "peer", "peer value", "ratio", "goal", "met"],
            .. rows.Select(row => new[]
            {
                row.Case, Number(row.Value), row.Unit, row.Peer ?? "", Number(row.PeerValue), Number(row.Ratio), Number(row.Goal),
                row.Met switch { true => "yes", false => "NO", null => row.Why ?? "" },
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column is 0 or 2 or 3 or 7 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    /// <summary>Writes the rows below the repository's artifacts folder and answers where.</summary>
    public static string Write(IReadOnlyList<BenchRow> rows, string area)
    {
        string path = Path.Combine("artifacts", "bench", area + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(rows, s_json));
        return path;
    }

    private static string Number(double? value) => value is { } number ? number.ToString(number >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture) : "";
}
