using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Frontend;
using Xunit;

namespace ChunkStream.Tests.Cli;

/// <summary>The commands that look on, against the real endpoints over a fake service.</summary>
public sealed class WatchAndDoctorTests(FrontendFixture fixture) : IClassFixture<FrontendFixture>
{
    private readonly FrontendHost _host = fixture.Fresh();

    [Fact]
    public async Task Watch_waits_for_the_end_and_exits_as_the_transfer_does()
    {
        Transfer transfer = _host.Service.AddTransfer();
        Task<CliRun> watching = RunAsync("watch", transfer.Id.ToString(), "--json");
        await Soon.TrueAsync("the transfer to be asked for twice", () => _host.Service.Calls.Count >= 2);
        Assert.False(watching.IsCompleted);
        _host.Service.Transfers[("local", transfer.Id)] = transfer with { State = TransferState.Completed, CommittedChunks = 4 };
        CliRun completed = await watching;
        Assert.Equal((0, "completed"), (completed.ExitCode, completed.Json.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Watch_tells_why_a_transfer_failed()
    {
        Transfer transfer = _host.Service.AddTransfer(state: TransferState.Failed);
        _host.Service.Transfers[("local", transfer.Id)] = transfer with { FailureCode = FailureCode.ContentHashMismatch.ToName(), FailureMessage = "Why." };
        CliRun run = await RunAsync("watch", transfer.Id.ToString());
        Assert.Equal((4, "chunkstream: Why. (content-hash-mismatch)"), (run.ExitCode, run.Error.Trim()));
        CliRun json = await RunAsync("watch", transfer.Id.ToString(), "--json");
        Assert.Equal((4, "failed"), (json.ExitCode, json.Json.GetProperty("state").GetString()));
        Assert.Equal(1, (await RunAsync("watch", Guid.NewGuid().ToString())).ExitCode);
    }

    [Fact]
    public async Task Doctor_names_a_gateway_that_no_lane_reaches()
    {
        CliRun run = await RunAsync("doctor", "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal("ok", VerdictOf(run, "core"));
        Assert.Equal("ok", VerdictOf(run, "service"));
        Assert.Equal("ok", VerdictOf(run, "clock"));
        Assert.Equal("ok", VerdictOf(run, "key"));
        // The fake gateway has 50 bytes free, and nothing listens at its address.
        Assert.Equal("warning", VerdictOf(run, "volume of gateway-0"));
        Assert.Equal("failed", VerdictOf(run, "gateway 127.0.0.1:7071 over TLS"));
    }

    [Fact]
    public async Task Doctor_tells_a_wrong_key_from_a_service_that_is_not_there()
    {
        CliRun key = await RunAsync("doctor", "--json", "--api-key", "cs_wrong");
        Assert.Equal((3, "ok", "failed"), (key.ExitCode, VerdictOf(key, "service"), VerdictOf(key, "key")));
        CliRun dead = await RunAsync("doctor", "--json", "--server", "http://127.0.0.1:1");
        Assert.Equal((3, "failed"), (dead.ExitCode, VerdictOf(dead, "service")));
        CliRun nothing = await CliRun.RunAsync(["doctor"]);
        Assert.Equal(3, nothing.ExitCode);
        Assert.Contains("chunkstream serve", nothing.Output, StringComparison.Ordinal);
    }

    private static string? VerdictOf(CliRun run, string check) => run.Json.GetProperty("checks").EnumerateArray()
        .Single(item => item.GetProperty("name").GetString() == check).GetProperty("verdict").GetString();

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(
        args, new Dictionary<string, string?> { ["CHUNKSTREAM_SERVER"] = _host.Url.ToString(), ["CHUNKSTREAM_API_KEY"] = _host.ApiKey });
}
