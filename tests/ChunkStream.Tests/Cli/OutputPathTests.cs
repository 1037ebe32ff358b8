using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Naming;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class OutputPathTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_in_a_folder_that_is_there() =>
        Assert.Equal(_folder["out"], await OutputPath.ResolveAsync(_folder["out"], false, Unasked));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_folder_gets_the_stored_name_made_safe(string end) =>
        Assert.Equal(_folder["x_y"], await OutputPath.ResolveAsync(_folder.Path + end, false, () => Task.FromResult("../x:y")));

    [Fact]
    public async Task Without_an_option_it_is_this_folder()
    {
        string name = $"chunkstream-{Guid.NewGuid():N}";
        Assert.Equal(Path.GetFullPath(name), await OutputPath.ResolveAsync(null, false, () => Task.FromResult("/etc/" + name)));
    }

    [Theory]
    [InlineData("missing/out")]
    [InlineData("missing/")]
    public async Task A_folder_that_is_missing_is_named(string option)
    {
        Fault fault = await FaultAsync(_folder[option]);
        Assert.Equal(("target-unwritable", ExitCode.Failed), (fault.Code, fault.ExitCode));
        Assert.Contains("missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_is_replaced_on_request_only()
    {
        await File.WriteAllTextAsync(_folder["out"], "x");
        Fault fault = await FaultAsync(_folder["out"]);
        Assert.Equal(("conflict", ExitCode.Failed), (fault.Code, fault.ExitCode));
        Assert.Contains("--force", fault.Message, StringComparison.Ordinal);
        Assert.Equal(_folder["out"], await OutputPath.ResolveAsync(_folder["out"], true, Unasked));
        Directory.CreateDirectory(_folder["folder/stored"]);
        Assert.Equal("conflict", (await FaultAsync(_folder["folder"])).Code);
    }

    private static async Task<Fault> FaultAsync(string option) =>
        (await Assert.ThrowsAsync<CliException>(() => OutputPath.ResolveAsync(option, false, () => Task.FromResult("stored")))).Fault;

    private static Task<string> Unasked() => throw new InvalidOperationException("The stored name isn't needed here.");
}
