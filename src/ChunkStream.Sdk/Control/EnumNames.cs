using System.Text.Json;

namespace ChunkStream.Sdk.Control;

/// <summary>The names that enums have outside of this program: camel case, in JSON, in queries and on the command line alike.</summary>
public static class EnumNames
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Takes the name in any case; never a number.</summary>
    public static bool TryParse<T>(string? name, out T value) where T : struct, Enum
    {
        foreach (T candidate in Enum.GetValues<T>())
        {
            if (!string.Equals(candidate.ToString(), name, StringComparison.OrdinalIgnoreCase)) continue;
            value = candidate;
            return true;
        }
        value = default;
        return false;
    }

    /// <summary>All names, for a message: <c>high, normal, low</c>.</summary>
    public static string Listed<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));
}
