using System.Text.Json;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Frontend;
using Xunit;

namespace ChunkStream.Tests.Cli;

/// <summary>The commands that move no bytes, against the real endpoints over a fake service.</summary>
public sealed class CommandLineTests(FrontendFixture fixture) : IClassFixture<FrontendFixture>
{
    private readonly FrontendHost _host = fixture.Fresh();

    [Fact]
    public async Task Files_are_listed_for_people_and_for_programs()
    {
        StoredFile file = _host.Service.AddFile(new byte[50_000], "movie\u001b[31m.mov");
        CliRun human = await RunAsync("ls");
        Assert.Equal(0, human.ExitCode);
        Assert.Contains(file.Id.ToString(), human.Output, StringComparison.Ordinal);
        Assert.Contains("48.8 KiB", human.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', human.Output);
        CliRun json = await RunAsync("ls", "--json");
        Assert.Equal(file.Name, json.Json.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Empty(json.Error);
    }

    [Fact]
    public async Task Transfers_are_listed_and_filtered()
    {
        Transfer paused = _host.Service.AddTransfer(state: TransferState.Paused);
        _host.Service.AddTransfer();
        Assert.Equal(2, (await RunAsync("ls", "--transfers", "--json")).Json.GetProperty("items").GetArrayLength());
        CliRun filtered = await RunAsync("ls", "--state", "PAUSED", "--limit", "1");
        Assert.Contains(paused.Id.ToString(), filtered.Output, StringComparison.Ordinal);
        Assert.Contains("paused", filtered.Output, StringComparison.Ordinal);
        Assert.Contains(" --cursor ", (await RunAsync("ls", "--transfers", "--limit", "1")).Error, StringComparison.Ordinal);
        CliRun all = await RunAsync("ls", "--transfers", "--limit", "1", "--all", "--json");
        Assert.Equal(2, all.Json.GetProperty("items").GetArrayLength());
        Assert.Equal("No files.", (await RunAsync("ls")).Error.Trim());
        Assert.Contains("--from", (await RunAsync("ls", "--from", "whenever")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_shows_a_transfer_or_a_file()
    {
        Transfer transfer = _host.Service.AddTransfer();
        StoredFile file = _host.Service.AddFile([1]);
        CliRun shown = await RunAsync("show", transfer.Id.ToString());
        Assert.Contains("committed  2 of 4 chunks", shown.Output, StringComparison.Ordinal);
        JsonElement json = (await RunAsync("show", transfer.Id.ToString(), "--json")).Json;
        Assert.Equal("transferring", json.GetProperty("transfer").GetProperty("state").GetString());
        Assert.Equal(2, json.GetProperty("session").GetProperty("committedChunks").GetInt32());
        Assert.Equal(file.Blake3.ToString(), (await RunAsync("show", file.Id.ToString(), "--json")).Json.GetProperty("file").GetProperty("blake3").GetString());
        await FailsAsync(1, "not-found", "show", Guid.NewGuid().ToString());
    }

    [Theory]
    [InlineData("pause", "paused")]
    [InlineData("resume", "transferring")]
    [InlineData("cancel", "failed")]
    public async Task Commands_change_a_transfer(string command, string state)
    {
        Transfer transfer = _host.Service.AddTransfer();
        CliRun run = await RunAsync(command, transfer.Id.ToString(), "--json");
        Assert.Equal((0, state), (run.ExitCode, run.Json.GetProperty("state").GetString()));
        Assert.Contains(state, (await RunAsync(command, transfer.Id.ToString())).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_priority_is_changed()
    {
        string id = _host.Service.AddTransfer().Id.ToString();
        Assert.Equal("high", (await RunAsync("priority", id, "high", "--json")).Json.GetProperty("priority").GetString());
        Assert.Contains("low", (await RunAsync("priority", id, "low")).Output, StringComparison.Ordinal);
        await FailsAsync(2, "usage", "priority", id, "urgent");
        await FailsAsync(2, "usage", "priority", id);
    }

    [Fact]
    public async Task Files_are_verified_and_removed()
    {
        string id = _host.Service.AddFile([1]).Id.ToString();
        CliRun verified = await RunAsync("verify", id, "--json");
        Assert.Equal((0, 13, true), (verified.ExitCode, verified.Json.GetProperty("checkedChunks").GetInt32(), verified.Json.GetProperty("isReadable").GetBoolean()));
        Assert.Equal(("hashWrong", 196608), (verified.Json.GetProperty("bad")[0].GetProperty("finding").GetString(), verified.Json.GetProperty("bad")[0].GetProperty("offsetBytes").GetInt32()));
        Assert.Equal((1, "rewritten"), (verified.Json.GetProperty("moreBadChunks").GetInt32(), verified.Json.GetProperty("manifest").GetString()));
        string[] lines = (await RunAsync("verify", id)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        DifferingChunk bad = FakeService.Report.Bad![0];
        Assert.Equal(
            [
                $"{id}  readable: 2 of 13 chunks were bad, 2 were rebuilt",
                "  manifest rewritten: The manifest ends after 5 of 6 bytes.",
                $"  chunk 3 (stripe 0, shard 3) at offset 196608, 65536 bytes: the hash is {bad.FoundHash}, not {bad.ExpectedHash}",
                "  and 1 more",
            ],
            lines);
        Assert.Contains("passed: 2 of 13 chunks bad, 2 rebuilt; manifest rewritten", (await RunAsync("show", id)).Output, StringComparison.Ordinal);
        Assert.True((await RunAsync("show", id, "--json")).Json.GetProperty("checks")[0].GetProperty("passed").GetBoolean());
        Assert.True((await RunAsync("rm", id, "--json")).Json.GetProperty("deleted").GetBoolean());
        await FailsAsync(1, "not-found", "rm", id);
    }

    [Fact]
    public async Task Paths_are_listed()
    {
        _host.Service.Reports.Enqueue(new() { Key = "127.0.0.1>127.0.0.2:7071/quic", RoundTripMs = 1.25, BytesPerSecond = 1 << 20, LossRate = 0.015 });
        CliRun human = await RunAsync("paths");
        foreach (string expected in new[] { "127.0.0.1>127.0.0.2:7071/quic", "1.00 MiB/s", "1.5 %" }) Assert.Contains(expected, human.Output, StringComparison.Ordinal);
        Assert.Equal(1.25, (await RunAsync("paths", "--json")).Json.GetProperty("items")[0].GetProperty("roundTripMs").GetDouble());
    }

    [Fact]
    public async Task Paths_are_shown_again_and_again_until_they_have_been_seen()
    {
        _host.Service.Reports.Enqueue(new() { Key = "127.0.0.1>127.0.0.2:7071/tls", ResentChunks = 7 });
        using var seen = new CancellationTokenSource();
        Task<CliRun> watching = RunAsync(seen.Token, "paths", "--watch", "--json");
        await Soon.TrueAsync("a second look", () => _host.Service.Calls.Count(call => call.EndsWith(": paths", StringComparison.Ordinal)) >= 2);
        await seen.CancelAsync();
        CliRun run = await Soon.DoneAsync("the end of the watch", watching);
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal(7, JsonDocument.Parse(line).RootElement.GetProperty("items")[0].GetProperty("resentChunks").GetInt32()));
    }

    [Theory]
    [InlineData(FailureCode.StoreFull, 1)]
    [InlineData(FailureCode.InvalidTransition, 1)]
    [InlineData(FailureCode.NoGateway, 3)]
    [InlineData(FailureCode.ContentHashMismatch, 4)]
    public async Task The_services_failures_keep_their_codes(FailureCode code, int exitCode)
    {
        _host.Service.Failure = new ChunkStreamException(code, "Why it\r\nfailed.");
        await FailsAsync(exitCode, code.ToName(), "pause", Guid.NewGuid().ToString());
        CliRun human = await RunAsync("pause", Guid.NewGuid().ToString());
        Assert.Equal($"chunkstream: Why it failed. ({code.ToName()})", human.Error.Trim());
        Assert.Empty(human.Output);
    }

    [Fact]
    public async Task A_wrong_key_and_a_dead_address_are_told_apart_from_failures()
    {
        await FailsAsync(3, "unauthenticated", "ls", "--api-key", "cs_wrong");
        await FailsAsync(3, "unreachable", "ls", "--server", "http://127.0.0.1:1");
        CliRun nothing = await CliRun.RunAsync(["ls", "--json"]);
        Assert.Equal((3, "unreachable"), (nothing.ExitCode, nothing.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("show", "not-an-id", "not-an-id")]
    [InlineData("show", "show", "FILE_ID|ID|show")]
    [InlineData("nonsense", "", "nonsense")]
    [InlineData("ls", "--limit=0", "1 to 1000")]
    [InlineData("ls", "--limit=x", "x")]
    [InlineData("ls", "--state=sleeping", "sleeping")]
    [InlineData("ls", "--nonsense", "--nonsense")]
    [InlineData("demo", "--size=huge", "huge")]
    [InlineData("demo", "--size=-1", "-1")]
    [InlineData("send", "--chunk-size=65537 x", "65537")]
    [InlineData("send", "--chunk-size=2MiB x", "1048576")]
    [InlineData("send", "--data-shards=129 x", "--data-shards is 129")]
    [InlineData("send", "--parity-shards=246 x", "--parity-shards is 246")]
    [InlineData("send", "--parity=half x", "full, adaptive")]
    [InlineData("send", "--transport=pigeon x", "auto, quic, tls")]
    [InlineData("send", "--from=here x", "192.0.2.1")]
    [InlineData("send", "--limit=fast x", "20MiB/s")]
    [InlineData("get", "--limit=0 019a2b3c-4d5e-7f60-8123-456789abcdef", "20MiB/s")]
    [InlineData("send", "--name=n x y", "--name")]
    [InlineData("send", "", "FILE")]
    [InlineData("get", "", "FILE_ID")]
    public async Task Mistakes_in_the_arguments_are_named(string command, string arguments, string names)
    {
        CliRun run = await FailsAsync(2, "usage", [command, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        string message = run.Json.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains(names.Split('|'), name => message.Contains(name, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("missing", "no such file")]
    [InlineData("", "is a folder")]
    public async Task A_file_that_cannot_be_read_fails_before_anything_is_sent(string name, string says)
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["good"], "x");
        CliRun run = await FailsAsync(1, "source-unreadable", "send", folder["good"], Path.Combine(folder.Path, name));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Empty(_host.Service.Calls);
    }

    [Fact]
    public async Task A_target_folder_that_is_missing_fails_before_anything_is_asked()
    {
        await FailsAsync(1, "target-unwritable", "get", Guid.NewGuid().ToString(), "-o", "/no/such/folder/x");
        Assert.Empty(_host.Service.Calls);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("send", "--help")]
    [InlineData("get", "-h")]
    [InlineData("--version")]
    public async Task Asking_for_help_is_no_mistake(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args);
        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task An_interruption_is_130()
    {
        CliRun run = await RunAsync(new CancellationToken(canceled: true), "ls", "--json");
        Assert.Equal((130, "interrupted"), (run.ExitCode, run.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    private async Task<CliRun> FailsAsync(int exitCode, string code, params string[] args)
    {
        CliRun run = await RunAsync([.. args, "--json"]);
        Assert.True(exitCode == run.ExitCode, run.Error);
        Assert.Equal(code, run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.StartsWith("chunkstream: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"({code})", run.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
        return run;
    }

    private Task<CliRun> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    private Task<CliRun> RunAsync(CancellationToken cancellationToken, params string[] args) => CliRun.RunAsync(
        args, new Dictionary<string, string?> { ["CHUNKSTREAM_SERVER"] = _host.Url.ToString(), ["CHUNKSTREAM_API_KEY"] = _host.ApiKey }, cancellationToken);
}
