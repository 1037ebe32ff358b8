using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ChunkStream.Core.Failures;

/// <summary>The stable name of a failure, whose fault it is, and whether trying again may help: the one place that knows.</summary>
public static partial class FailureCodeExtensions
{
    private static readonly FrozenDictionary<FailureCode, string> Names =
        Enum.GetValues<FailureCode>().ToFrozenDictionary(code => code, code => Capital().Replace(code.ToString(), "-$0").ToLowerInvariant());

    private static readonly FrozenDictionary<string, FailureCode> Codes = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The code in kebab case, such as <c>chunk-hash-mismatch</c>.</summary>
    public static string ToName(this FailureCode code) => Names.GetValueOrDefault(code, "internal");

    /// <summary>The code with this name, or <see cref="FailureCode.Internal"/> where a newer service knows a code that we don't.</summary>
    public static FailureCode FromName(string? name) => name is null ? FailureCode.Internal : Codes.GetValueOrDefault(name, FailureCode.Internal);

    public static Blame BlameOf(this FailureCode code) => (ushort)code switch
    {
        < 60 => Blame.Peer,
        < 80 => Blame.Path,
        < 100 => Blame.Store,
        _ => Blame.Us,
    };

    /// <summary>Whether the same request may succeed later with nothing changed.</summary>
    public static bool IsTransient(this FailureCode code) => code is FailureCode.PathLost or FailureCode.Unreachable or FailureCode.TimedOut
        or FailureCode.ShuttingDown or FailureCode.NoGateway or FailureCode.HandshakeTimeout or FailureCode.LimitReached
        or FailureCode.TicketExpired or FailureCode.NotReady;

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
