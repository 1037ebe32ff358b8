using System.Text.Json;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>What one run of the command line said with <c>--json</c>, and the most memory that it had.</summary>
internal sealed record ClientRun(int ExitCode, JsonElement Document, string Errors, double PeakMiB)
{
    public string? Failure => ExitCode == 0 ? null : $"exit code {ExitCode}: {Errors.Trim()}";

    public string Text(string property) => Document.GetProperty(property).GetString()!;

    public double Number(string property) => Document.GetProperty(property).GetDouble();
}
