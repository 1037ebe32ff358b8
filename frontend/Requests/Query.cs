using System.Globalization;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Requests;

/// <summary>Reads values from routes and queries, and says what is wrong with one in the same words everywhere.</summary>
internal static class Query
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
    public const int MaxPrefixChars = 1024;

    public static Guid Id(string id) => Guid.TryParse(id, out Guid parsed)
        ? parsed
        : throw Refusal.Of("The id", id, "Ids are UUIDs, such as 019a2b3c-4d5e-7f60-8123-456789abcdef.");

    public static string? Prefix(string? prefix) => prefix is null || prefix.Length <= MaxPrefixChars && !prefix.Any(char.IsControl) ? prefix
        : throw Refusal.Of("prefix", prefix, $"It is the beginning of a name: up to {MaxPrefixChars} characters, none of them a control character.");

    public static DateTimeOffset? Time(string name, string? value) => value is null ? null
        : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset parsed) ? parsed
        : throw Refusal.Of(name, value, "It is a time, such as 2026-11-26T12:00:00Z.");

    public static int Limit(string? limit) => limit is null ? DefaultLimit
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) && parsed is > 0 and <= MaxLimit ? parsed
        : throw Refusal.Of("limit", limit, $"It is 1 to {MaxLimit}.");

    public static T? Named<T>(string name, string? value) where T : struct, Enum => value is null ? null
        : EnumNames.TryParse(value, out T parsed) ? parsed
        : throw Refusal.Of(name, value, $"It is one of {EnumNames.Listed<T>()}.");
}
