using Microsoft.Net.Http.Headers;

namespace ChunkStream.Frontend.Content;

/// <summary>What a request makes its answer depend on (RFC 9110, section 13). A file never changes, so its tag is strong.</summary>
internal static class Preconditions
{
    /// <summary>Whether the client has these bytes already: <c>If-None-Match</c> lists the tag.</summary>
    public static bool IsNotModified(HttpRequest request, EntityTagHeaderValue tag)
    {
        if (request.Headers.IfNoneMatch.Count == 0) return false;
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? known)
            && known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));
    }

    /// <summary>The range that is asked for; the whole file where <c>If-Range</c> names other bytes than these.</summary>
    public static ByteRange RangeOf(HttpRequest request, EntityTagHeaderValue tag, DateTimeOffset lastModified, long sizeBytes)
    {
        string? condition = request.Headers.IfRange;
        if (condition is not null && !Holds(condition, tag, lastModified)) return ByteRange.Whole(sizeBytes);
        return ByteRange.Parse(request.Headers.Range, sizeBytes);
    }

    private static bool Holds(string condition, EntityTagHeaderValue tag, DateTimeOffset lastModified) =>
        RangeConditionHeaderValue.TryParse(condition, out RangeConditionHeaderValue? parsed)
        && (parsed.EntityTag is { } wanted ? wanted.Compare(tag, useStrongComparison: true) : parsed.LastModified == lastModified);
}
