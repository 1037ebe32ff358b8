namespace ChunkStream.Grains;

internal static class Clock
{
    /// <summary>The time in whole milliseconds, which is what the catalogue keeps: a listing and the grain tell the same.</summary>
    public static DateTimeOffset UtcNow(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
