using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChunkStream.Frontend.Problems;

/// <summary>What is wrong with a JSON body, in words that don't name this program's types.</summary>
internal static partial class JsonFault
{
    public static string Explain(JsonException exception)
    {
        string where = string.IsNullOrEmpty(exception.Path) || exception.Path == "$" ? "The body" : $"The body's {exception.Path.Replace("$.", "", StringComparison.Ordinal)}";
        if (Missing().Match(exception.Message) is { Success: true } missing) return $"{where} lacks {missing.Groups[1].Value}.";
        if (Conversion().Match(exception.Message) is { Success: true } conversion) return $"{where} is not {Kind(conversion.Groups[1].Value)}.";
        string message = Position().Replace(exception.Message, "").TrimEnd();
        return $"{where} is not right: {message}{At(exception)}";
    }

    // The serializer's own line and byte, in our words.
    private static string At(JsonException exception) =>
        exception is { LineNumber: { } line, BytePositionInLine: { } position } ? $" (line {line + 1}, byte {position + 1})" : "";

    private static string Kind(string type) => type switch
    {
        "System.Int64" or "System.Int32" => "a whole number in range",
        "System.Double" => "a number",
        "System.Guid" => "an id (a UUID)",
        "System.String" => "a string",
        _ when type.Contains("System.Nullable", StringComparison.Ordinal) => Kind(Inner().Match(type).Groups[1].Value),
        _ => "what is expected there; /openapi/v1.json describes it",
    };

    [GeneratedRegex("missing required properties including: (.+?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("could not be converted to ([^ ]+?)\\.? Path:")]
    private static partial Regex Conversion();

    [GeneratedRegex(" ?(Path: [^|]*\\| )?LineNumber: \\d+ \\| BytePositionInLine: \\d+\\.")]
    private static partial Regex Position();

    [GeneratedRegex("\\[(System\\.[A-Za-z0-9]+)\\]")]
    private static partial Regex Inner();
}
