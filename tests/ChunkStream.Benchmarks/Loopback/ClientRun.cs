using System.Text.Json;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>What one run of the command line said with <c>--json</c>, and the most memory that it had.</summary>
internal sealed record ClientRun(int ExitCode, JsonElement Answer, string Errors, double PeakMiB)
{
    public string? Failure => ExitCode == 0 ? null : $"exit code {ExitCode}: {Errors.Trim()}";

    // 'send' takes several files and answers a list of them.
    private JsonElement Document => Answer.TryGetProperty("files", out JsonElement files) ? files[0] : Answer;

    public string Text(string property) => Document.GetProperty(property).GetString()!;

    public double Number(string property) => Document.GetProperty(property).GetDouble();
}
