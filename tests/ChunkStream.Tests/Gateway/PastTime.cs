namespace ChunkStream.Tests.Gateway;

/// <summary>A clock that is late.</summary>
internal sealed class PastTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
}
