using System.Globalization;
using System.Text.RegularExpressions;
using ChunkStream.Core.Layout;
using Xunit;

namespace ChunkStream.Tests.Core.Layout;

/// <summary>docs/chunk-size.md says what the planner does.</summary>
public sealed partial class ChunkSizeDocumentTests
{
    [Fact]
    public void The_documents_table_is_the_planners()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "chunk-size.md"));
        MatchCollection rows = Row().Matches(document);
        Assert.Equal(4, rows.Count);
        foreach (Match row in rows)
        {
            int chunkBytes = int.Parse(row.Groups["size"].Value, CultureInfo.InvariantCulture) * (row.Groups["unit"].Value == "M" ? 1 << 20 : 1 << 10);
            var roundTrip = TimeSpan.FromMilliseconds(int.Parse(row.Groups["ms"].Value, CultureInfo.InvariantCulture));
            double loss = double.Parse(row.Groups["loss"].Value, CultureInfo.InvariantCulture) / 100;
            Assert.Equal(chunkBytes, ChunkSizePlanner.ForNetwork(roundTrip, loss));
            Assert.Equal(chunkBytes / 2, ChunkSizePlanner.ForNetwork(roundTrip + TimeSpan.FromMilliseconds(1), 0));
            Assert.Equal(chunkBytes / 2, ChunkSizePlanner.ForNetwork(TimeSpan.Zero, loss * 1.01));
        }
    }

    [GeneratedRegex(@"^\| (?<size>\d+) (?<unit>[MK])iB \| (?<ms>\d+) ms \| (?<loss>[\d.]+) % \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
