using System.Text.Json;
using ChunkStream.Core.Integrity;
using Xunit;

namespace ChunkStream.Tests.Cli;

/// <summary>The demonstration itself, on small files: the whole service, twice started, over real lanes.</summary>
public sealed class DemoCommandTests
{
    private static readonly string[] Fields =
    [
        "fileId", "bytes", "blake3", "transport", "paths", "sendMiBps", "receiveMiBps", "chunksSent", "chunksLost", "chunksRebuilt",
        "chunksCommittedBeforeInterrupt", "chunksSentAgainAfterCommit", "identical",
    ];

    [Fact]
    public async Task It_tells_what_happened_and_cleans_up()
    {
        CliRun run = await CliRun.RunAsync(["demo", "--size", "5MiB", "--transport", "tls", "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement report = run.Json;
        Assert.Equal(Fields, report.EnumerateObject().Select(member => member.Name));
        Assert.Equal((5 << 20, "tls", 2), (report.GetProperty("bytes").GetInt32(), report.GetProperty("transport").GetString(), report.GetProperty("paths").GetInt32()));
        Assert.True(report.GetProperty("identical").GetBoolean());
        Assert.Equal(0, report.GetProperty("chunksSentAgainAfterCommit").GetInt32());
        Assert.True(report.GetProperty("chunksLost").GetInt32() >= 3);
        Assert.True(report.GetProperty("chunksCommittedBeforeInterrupt").GetInt32() > 0);
        Assert.Contains("8 of 8", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700_000)]
    public async Task A_file_of_ones_own_of_any_size(int size)
    {
        using var folder = new TestFolder();
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await File.WriteAllBytesAsync(folder["mine"], bytes);
        CliRun run = await CliRun.RunAsync(["demo", folder["mine"], "--data", folder["data"], "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Blake3.Hash(bytes).ToString(), run.Json.GetProperty("blake3").GetString());
        Assert.True(run.Json.GetProperty("identical").GetBoolean());
        // The data folder is kept, and nothing of the demonstration's own is in it; the file is as it was.
        Assert.True(File.Exists(folder["data/state.db"]));
        Assert.Empty(Directory.EnumerateDirectories(folder["data"], "demo-*"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder["mine"]));
    }

    [Fact]
    public async Task What_cannot_be_shown_is_told()
    {
        using var folder = new TestFolder();
        CliRun missing = await CliRun.RunAsync(["demo", folder["missing"], "--json"]);
        Assert.Equal((1, "source-unreadable"), (missing.ExitCode, missing.Json.GetProperty("error").GetProperty("code").GetString()));
        CliRun both = await CliRun.RunAsync(["demo", folder["missing"], "--size", "1MiB", "--json"]);
        Assert.Equal(2, both.ExitCode);
        CliRun huge = await CliRun.RunAsync(["demo", "--size", "4096P", "--json"]);
        Assert.Equal((1, "store-full"), (huge.ExitCode, huge.Json.GetProperty("error").GetProperty("code").GetString()));
    }
}
