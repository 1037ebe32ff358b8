using System.Text.Json;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Core.Integrity.Verification;
using Xunit;

namespace ChunkStream.Tests.Cli;

/// <summary><c>verify --local</c> against a manifest and against earlier records; no service is there.</summary>
public sealed class VerifyLocalTests : IDisposable
{
    private const int Chunk = FileLayout.MinChunkBytes;

    private readonly TestFolder _folder = new();
    private readonly SampleFile _file = new(9 * Chunk + 77);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_file_is_good()
    {
        CliRun run = await VerifyAsync(_file.Bytes);
        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("isGood").GetBoolean());
        Assert.Equal(10, run.Json.GetProperty("checkedChunks").GetInt32());
        Assert.Equal(_file.ContentHash.ToString(), run.Json.GetProperty("blake3").GetString());
        CliRun human = await CliRun.RunAsync(["verify", "--local", _folder["file"], "--manifest", _folder["manifest"]]);
        Assert.Contains($"good: 10 chunks, {_file.Bytes.Length} bytes", human.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_differs_is_told_chunk_by_chunk()
    {
        byte[] bytes = [.. _file.Bytes];
        bytes[5 * Chunk + 3] ^= 1;
        CliRun run = await VerifyAsync(bytes[..^70]);

        Assert.Equal(4, run.ExitCode);
        Assert.False(run.Json.GetProperty("isGood").GetBoolean());
        Assert.Equal(2, run.Json.GetProperty("failedChunks").GetInt32());
        JsonElement wrong = run.Json.GetProperty("chunks")[0], cut = run.Json.GetProperty("chunks")[1];
        Assert.Equal((5, 1, 1, 5 * Chunk), (Number(wrong, "index"), Number(wrong, "stripe"), Number(wrong, "shard"), Number(wrong, "offsetBytes")));
        Assert.Equal(("hashWrong", _file.Digests[1][1].ToString()), (wrong.GetProperty("finding").GetString(), wrong.GetProperty("expectedHash").GetString()));
        Assert.NotEqual(wrong.GetProperty("expectedHash").GetString(), wrong.GetProperty("foundHash").GetString());
        Assert.Equal(("lengthWrong", 77, 7), (cut.GetProperty("finding").GetString(), Number(cut, "expectedBytes"), Number(cut, "foundBytes")));
        Assert.False(cut.TryGetProperty("foundHash", out _));
        // Chunk 5 is stripe 1 of shard 1, and chunk 9 stripe 2.
        Assert.Equal([1, 3], run.Json.GetProperty("failedStripes")[1].EnumerateArray().Select(bound => bound.GetInt32()));

        CliRun human = await CliRun.RunAsync(["verify", "--local", _folder["file"], "--manifest", _folder["manifest"]]);
        Assert.Contains("differs: 2 of 10 chunks", human.Output, StringComparison.Ordinal);
        Assert.Contains($"chunk 5 (stripe 1, shard 1) at offset {5 * Chunk}", human.Output, StringComparison.Ordinal);
        Assert.Contains("7 bytes are there", human.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_longer_file_differs()
    {
        CliRun run = await VerifyAsync([.. _file.Bytes, 0]);
        Assert.Equal((4, 0), (run.ExitCode, run.Json.GetProperty("failedChunks").GetInt32()));
        Assert.Equal((_file.Bytes.Length, _file.Bytes.Length + 1), (Number(run.Json, "expectedBytes"), Number(run.Json, "foundBytes")));
    }

    [Fact]
    public async Task A_manifest_that_is_cut_newer_or_changed_says_so()
    {
        byte[] manifest = await _file.ManifestAsync();
        await FaultAsync(manifest[..^1], "truncated");
        await FaultAsync([.. manifest[..4], 2, .. manifest[5..]], "newerVersion");
        await FaultAsync([.. manifest[..100], (byte)(manifest[100] ^ 1), .. manifest[101..]], "digestWrong");
        await FaultAsync([1, 2, 3], "notAManifest");
    }

    [Fact]
    public async Task A_recorded_check_can_be_made_again()
    {
        Assert.Equal(0, (await VerifyAsync(_file.Bytes, "--record", _folder["log"])).ExitCode);
        string[] again = ["verify", "--local", _folder["file"], "--record", _folder["log"], "--json"];
        CliRun good = await CliRun.RunAsync(again);
        Assert.True(good.ExitCode == 0, good.Error);
        Assert.True(good.Json.GetProperty("lastWasGood").GetBoolean());

        byte[] bytes = [.. _file.Bytes];
        bytes[^1] ^= 0x80;
        await File.WriteAllBytesAsync(_folder["file"], bytes);
        CliRun bad = await CliRun.RunAsync(again);
        Assert.Equal((4, _file.ContentHash.ToString()), (bad.ExitCode, bad.Json.GetProperty("expectedHash").GetString()));
        Assert.False((await CliRun.RunAsync(again)).Json.GetProperty("lastWasGood").GetBoolean());
    }

    [Fact]
    public async Task A_damaged_record_is_passed_over_and_told()
    {
        await VerifyAsync(_file.Bytes, "--record", _folder["log"]);
        await VerifyAsync(_file.Bytes, "--record", _folder["log"]);
        byte[] log = await File.ReadAllBytesAsync(_folder["log"]);
        log[^1] ^= 1;
        await File.WriteAllBytesAsync(_folder["log"], log);
        CliRun run = await CliRun.RunAsync(["verify", "--local", _folder["file"], "--record", _folder["log"], "--json"]);
        Assert.Equal((0, 1), (run.ExitCode, Number(run.Json, "damagedRecords")));
        await File.WriteAllBytesAsync(_folder["log"], [1]);
        await FailsAsync(1, "not-found", "--local", _folder["file"], "--record", _folder["log"]);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        await VerifyAsync(_file.Bytes);
        await FailsAsync(1, "source-unreadable", "--local", _folder["no-file"], "--manifest", _folder["manifest"]);
        await FailsAsync(1, "source-unreadable", "--local", _folder["file"], "--manifest", _folder["no-manifest"]);
        await FailsAsync(1, "source-unreadable", "--local", _folder.Path, "--manifest", _folder["manifest"]);
        await FailsAsync(1, "source-unreadable", "--local", _folder["file"], "--record", _folder["no-log"]);
        await FailsAsync(1, "target-unwritable", "--local", _folder["file"], "--manifest", _folder["manifest"], "--record", "/no/such/folder/log");
        await FailsAsync(2, "usage");
        await FailsAsync(2, "usage", "--local", _folder["file"]);
        await FailsAsync(2, "usage", "--manifest", _folder["manifest"]);
        await FailsAsync(2, "usage", Guid.NewGuid().ToString(), "--local", "x", "--manifest", "y");
        await FailsAsync(2, "usage", "not-an-id");
        Assert.False(File.Exists(_folder["no-log"]));
    }

    private async Task FaultAsync(byte[] manifest, string problem)
    {
        await File.WriteAllBytesAsync(_folder["file"], _file.Bytes);
        await File.WriteAllBytesAsync(_folder["bad"], manifest);
        CliRun run = await CliRun.RunAsync(["verify", "--local", _folder["file"], "--manifest", _folder["bad"], "--json"]);
        Assert.Equal((4, problem), (run.ExitCode, run.Json.GetProperty("manifestFault").GetProperty("problem").GetString()));
        Assert.False(run.Json.GetProperty("isGood").GetBoolean());
    }

    private async Task<CliRun> VerifyAsync(byte[] bytes, params string[] more)
    {
        await File.WriteAllBytesAsync(_folder["file"], bytes);
        await File.WriteAllBytesAsync(_folder["manifest"], await _file.ManifestAsync());
        return await CliRun.RunAsync(["verify", "--local", _folder["file"], "--manifest", _folder["manifest"], "--json", .. more]);
    }

    private static async Task FailsAsync(int exitCode, string code, params string[] args)
    {
        CliRun run = await CliRun.RunAsync(["verify", .. args, "--json"]);
        Assert.True(exitCode == run.ExitCode, $"{string.Join(' ', args)}: {run.Error}");
        Assert.Equal(code, run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
