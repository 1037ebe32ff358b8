using ChunkStream.Grains;
using ChunkStream.Silo;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChunkStream.Tests.Grains;

public sealed class TransferOptionsTests
{
    [Fact]
    public void What_is_allowed_has_no_problems()
    {
        Assert.Empty(new TransferOptions().Problems());
        Assert.Empty(new TransferOptions { MaxRunningPerOwner = 0, MaxBytesPerOwner = 1, KeepCompleted = null, KeepFailed = TimeSpan.Zero, AbandonAfter = null }.Problems());
    }

    [Fact]
    public void Every_problem_is_named_at_once_with_what_is_allowed()
    {
        string[] problems = [.. new TransferOptions
        {
            MaxRunningPerOwner = -1,
            MaxBytesPerOwner = -2,
            KeepCompleted = TimeSpan.FromDays(-3),
            KeepFailed = TimeSpan.FromDays(-4),
            AbandonAfter = TimeSpan.FromMinutes(5),
            CleanUpEvery = TimeSpan.FromSeconds(6),
        }.Problems()];
        string[] named = ["MaxRunningPerOwner is -1", "MaxBytesPerOwner is -2", "KeepCompleted is -3", "KeepFailed is -4", "AbandonAfter is 00:05:00", "CleanUpEvery is 00:00:06"];
        Assert.Equal(named.Length, problems.Length);
        foreach ((string expected, string problem) in named.Zip(problems)) Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_with_wrong_options_does_not_start()
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        SiloOptions options = new() { DataDirectory = Path.GetTempPath(), Transfers = new() { MaxRunningPerOwner = -1 } };
        OptionsValidationException refusal = Assert.Throws<OptionsValidationException>(() => builder.AddChunkStreamSilo(options));
        Assert.Contains("Transfers.MaxRunningPerOwner is -1", refusal.Message, StringComparison.Ordinal);
    }
}
