using System.Diagnostics;
using System.Globalization;

namespace ChunkStream.KilledService;

/// <summary>Where, and the how manieth time, this process ends itself: written, flushing, flushed, recording or recorded.</summary>
internal sealed class KillPoint
{
    private readonly string _name;
    private int _left;

    private KillPoint(string name, int left) => (_name, _left) = (name, left);

    /// <summary>Reads <c>NAME:COUNT</c>; an empty text is never reached.</summary>
    public static KillPoint Parse(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2 ? new(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)) : new("", 0);
    }

    /// <summary>Returns, or doesn't: SIGKILL, so that no handler runs and nothing is flushed.</summary>
    public void Reach(string name)
    {
        if (name != _name || Interlocked.Decrement(ref _left) != 0) return;
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
