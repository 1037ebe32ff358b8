using System.Diagnostics;

namespace ChunkStream.Benchmarks.Peers;

/// <summary>Other programs as they are measured.</summary>
internal static class PeerProcess
{
    /// <summary>What it printed, when it has ended.</summary>
    public static async Task<string> OutputAsync(Process process)
    {
        using Process running = process;
        Task<string> errors = running.StandardError.ReadToEndAsync();
        string output = await running.StandardOutput.ReadToEndAsync();
        await running.WaitForExitAsync();
        if (output.Length == 0) throw new InvalidOperationException((await errors).Trim());
        return output.Trim();
    }

    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }
}
