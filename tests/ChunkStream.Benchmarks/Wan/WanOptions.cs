using System.Globalization;

namespace ChunkStream.Benchmarks.Wan;

/// <summary><c>eng/bench.sh wan [--case NAME] [--size MIB] [--runs N] [--quick] [--no-peers]</c></summary>
internal sealed record WanOptions(string? Case, int SizeMiB, int Runs, int PeerSeconds, bool HasPeers, bool IsQuick)
{
    /// <summary>Null where the arguments aren't these.</summary>
    public static WanOptions? Parse(string[] arguments)
    {
        var options = new WanOptions(null, SizeMiB: 400, Runs: 3, PeerSeconds: 12, HasPeers: true, IsQuick: false);
        for (int i = 0; i < arguments.Length; i++)
        {
            int number = 0;
            bool hasNumber = i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
            switch (arguments[i])
            {
                case "--quick": options = options with { SizeMiB = 24, Runs = 1, PeerSeconds = 3, IsQuick = true }; break;
                case "--no-peers": options = options with { HasPeers = false }; break;
                case "--case" when i + 1 < arguments.Length && WanCase.All.Any(wan => wan.Name == arguments[i + 1]):
                    options = options with { Case = arguments[++i] };
                    break;
                case "--size" when hasNumber: (options, i) = (options with { SizeMiB = number }, i + 1); break;
                case "--runs" when hasNumber: (options, i) = (options with { Runs = number }, i + 1); break;
                default: return null;
            }
        }
        return options;
    }
}
