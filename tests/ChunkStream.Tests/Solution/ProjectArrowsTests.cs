using System.Xml.Linq;
using Xunit;

namespace ChunkStream.Tests.Solution;

/// <summary>Dependencies point one way. Another arrow than these is a change of the design, and fails here first.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ChunkStream.Core"] = [],
        ["ChunkStream.Protocol"] = ["ChunkStream.Core"],
        ["ChunkStream.Transport"] = ["ChunkStream.Protocol"],
        ["ChunkStream.Abstractions"] = ["ChunkStream.Core"],
        ["ChunkStream.Storage"] = ["ChunkStream.Core"],
        ["ChunkStream.Grains"] = ["ChunkStream.Abstractions"],
        ["ChunkStream.Gateway"] = ["ChunkStream.Transport", "ChunkStream.Storage", "ChunkStream.Abstractions"],
        ["ChunkStream.Sdk"] = ["ChunkStream.Transport"],
        ["ChunkStream.Sdk.Orleans"] = ["ChunkStream.Sdk", "ChunkStream.Abstractions"],
        ["ChunkStream.Silo"] = ["ChunkStream.Gateway", "ChunkStream.Grains", "ChunkStream.Storage"],
        ["ChunkStream.Frontend"] = ["ChunkStream.Abstractions", "ChunkStream.Sdk", "ChunkStream.Sdk.Orleans"],
        // The command line is also the all-in-one service, so it puts both sides together.
        ["ChunkStream.Cli"] = ["ChunkStream.Sdk", "ChunkStream.Silo", "ChunkStream.Frontend"],
    };

    public static TheoryData<string> Projects() => [.. ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_the_design_allows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out string[]? allowed), $"{project} isn't in the design: name its arrows here.");
        string file = ProjectFiles().Single(file => Path.GetFileNameWithoutExtension(file) == project);
        string[] references = [.. XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_project_of_the_design_is_there() =>
        Assert.Equal(Allowed.Keys.Order(), ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    [Fact]
    public void No_project_or_folder_has_a_name_that_says_nothing()
    {
        string[] names = ["Common", "Shared", "Helpers", "Utils"];
        IEnumerable<string> folders = new[] { "src", "silo", "frontend" }
            .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(folder => !folder.Contains("/obj", StringComparison.Ordinal) && !folder.Contains("/bin", StringComparison.Ordinal));
        Assert.DoesNotContain(folders, folder => names.Contains(Path.GetFileName(folder)) || names.Any(name => folder.EndsWith('.' + name, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_core_refers_to_no_package() =>
        Assert.Empty(XDocument.Load(ProjectFiles().Single(file => file.EndsWith("ChunkStream.Core.csproj", StringComparison.Ordinal))).Descendants("PackageReference"));

    private static IEnumerable<string> ProjectFiles() => new[] { "src", "silo", "frontend" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories));
}
