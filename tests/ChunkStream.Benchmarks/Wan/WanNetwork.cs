using System.Diagnostics;
using System.Globalization;
using ChunkStream.Benchmarks.Loopback;

namespace ChunkStream.Benchmarks.Wan;

/// <summary>A case's links, up between two network namespaces of this process. They go with it, however it ends.</summary>
internal sealed class WanNetwork : IAsyncDisposable
{
    private static readonly string s_script = Path.Combine("eng", "wan", "wan.sh");
    private static readonly string s_namespaces = $"cs{Environment.ProcessId}";

    private readonly int _links;

    private WanNetwork(int links) => _links = links;

    /// <summary>The server's address on the first link.</summary>
    public static string Server => "10.77.0.2";

    /// <summary>Commands come over the first link, chunks over all of them.</summary>
    public Site Site => new(Enter('b'), Enter('a'), $"http://{Server}:7070", [.. Enumerable.Range(0, _links).Select(link => $"10.77.{link}.2:7071")]);

    public static async Task<WanNetwork> UpAsync(IReadOnlyList<WanLink> links)
    {
        await ScriptAsync("guard", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < links.Count; i++)
            await ScriptAsync("up", $"{i}", Text(links[i].RoundTripMs / 2), Text(links[i].Loss), Text(links[i].RateMbit), $"{i + 1}");
        return new(links.Count);
    }

    /// <summary>What TCP runs with at both ends, where nobody says else.</summary>
    public Task CongestionAsync(string name) => ScriptAsync("cc", name);

    public Task HoleAsync(int link) => ScriptAsync("hole", $"{link}");

    public Task HealAsync(int link) => ScriptAsync("heal", $"{link}");

    /// <summary>Starts a command at the client's end, <c>a</c>, or at the server's, <c>b</c>.</summary>
    public static Process Start(char end, params string[] command)
    {
        string[] all = [.. Enter(end), .. command];
        return Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Waits until somebody listens on a TCP port in a namespace.</summary>
    public static async Task ListeningAsync(char end, int port)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            using Process listing = Start(end, "ss", "-Hltn", $"sport = :{port}");
            string output = await listing.StandardOutput.ReadToEndAsync();
            await listing.WaitForExitAsync();
            if (output.Length > 0) return;
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"Nobody listened on port {port} within 5 s.");
    }

    public async ValueTask DisposeAsync() => await ScriptAsync("down");

    private static string[] Enter(char end) => ["ip", "netns", "exec", s_namespaces + char.ToUpperInvariant(end)];

    private static async Task ScriptAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(s_script, arguments) { RedirectStandardError = true };
        start.Environment["WAN_NS"] = s_namespaces;
        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"wan.sh {string.Join(' ', arguments)}: {errors.Trim()}");
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
