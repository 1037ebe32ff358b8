using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Requests;

/// <summary>Refusals of a request's values, worded alike: the name, the value, what is allowed.</summary>
internal static class Refusal
{
    public static ChunkStreamException Of(string name, string? value, string allowed, FailureCode code = FailureCode.InvalidRequest) =>
        new(code, value is null ? $"{name} is missing. {allowed}" : $"{name} is '{Excerpt.Of(value)}'. {allowed}");
}
