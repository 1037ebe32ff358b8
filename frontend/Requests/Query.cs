using System.Globalization;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Requests;

/// <summary>Reads values from routes and queries, and says what is wrong with one in the same words everywhere.</summary>
internal static class Query
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public static Guid Id(string id) => Guid.TryParse(id, out Guid parsed)
        ? parsed
        : throw Refusal.Of("The id", id, "Ids are UUIDs, such as 019a2b3c-4d5e-7f60-8123-456789abcdef.");

    public static Guid? After(string? after) => after is null ? null
        : Guid.TryParse(after, out Guid parsed) ? parsed
        : throw Refusal.Of("after", after, "It is the 'next' of the page before.");

    public static int Limit(string? limit) => limit is null ? DefaultLimit
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) && parsed is > 0 and <= MaxLimit ? parsed
        : throw Refusal.Of("limit", limit, $"It is 1 to {MaxLimit}.");

    public static T? Named<T>(string name, string? value) where T : struct, Enum => value is null ? null
        : EnumNames.TryParse(value, out T parsed) ? parsed
        : throw Refusal.Of(name, value, $"It is one of {EnumNames.Listed<T>()}.");
}
