using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Parsing;

/// <summary>Options and arguments of the kinds that several commands take, with messages that say what is allowed.</summary>
internal static class ValueOptions
{
    private const string IdForm = "An id looks like 019a2b3c-4d5e-7f60-8123-456789abcdef.";

    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => SizeText.TryParse(Text(result), out long bytes) ? bytes : Refuse<long?>(result, SizeText.Allowed),
    };

    /// <summary>Bytes a second. Not 0, which nobody writes who wants none to cross.</summary>
    public static Option<long?> Rate(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "RATE",
        CustomParser = result => SizeText.TryParseRate(Text(result), out long bytesPerSecond)
            ? bytesPerSecond
            : Refuse<long?>(result, "A rate is a size a second, above zero: 500KiB/s, 20MiB/s, 1GB/s."),
    };

    public static Option<T?> Named<T>(string name, string description) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = string.Join('|', Enum.GetValues<T>().Select(EnumNames.Of)),
        CustomParser = result => EnumNames.TryParse(Text(result), out T value) ? value : Refuse<T?>(result, $"It is one of {EnumNames.Listed<T>()}."),
    };

    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => DateTimeOffset.TryParse(Text(result), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : Refuse<DateTimeOffset?>(result, "It is a time, such as 2026-11-26T12:00:00Z."),
    };

    public static Argument<Guid> Id(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Guid.TryParse(Text(result), out Guid id) ? id : Refuse<Guid>(result, IdForm),
    };

    /// <summary>The same, and null where it isn't given.</summary>
    public static Argument<Guid?> OptionalId(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : Guid.TryParse(Text(result), out Guid id) ? id : Refuse<Guid?>(result, IdForm),
    };

    public static Argument<T> NamedArgument<T>(string name, string description) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = string.Join('|', Enum.GetValues<T>().Select(EnumNames.Of)),
        CustomParser = result => EnumNames.TryParse(Text(result), out T value) ? value : Refuse<T>(result, $"It is one of {EnumNames.Listed<T>()}."),
    };

    private static string Text(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult result, string allowed)
    {
        string name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
        result.AddError($"{name} is '{Excerpt.Of(Text(result))}'. {allowed}");
        return default;
    }
}
