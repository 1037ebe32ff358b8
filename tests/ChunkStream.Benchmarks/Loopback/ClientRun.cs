using System.Text.Json;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>What one run of the command line said with <c>--json</c>, the most memory that it had, and what both sides computed.</summary>
internal sealed record ClientRun(int ExitCode, JsonElement Answer, string Errors, double PeakMiB, double CpuSeconds, double ServiceCpuSeconds)
{
    public string? Failure => ExitCode == 0 ? null : ExitCode < 0 ? Errors : $"exit code {ExitCode}: {Errors.Trim().Split('\n')[^1]}";

    // 'send' takes several files and answers a list of them.
    private JsonElement Document => Answer.TryGetProperty("files", out JsonElement files) ? files[0] : Answer;

    public string Text(string property) => Document.GetProperty(property).GetString()!;

    public double Number(string property) => Document.GetProperty(property).GetDouble();

    public bool Has(string property) => Document.TryGetProperty(property, out _);
}
