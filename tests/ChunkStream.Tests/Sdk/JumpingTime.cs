namespace ChunkStream.Tests.Sdk;

/// <summary>A clock that somebody sets, to and fro, a year at a time. How long things take isn't told by it.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private int _asked;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddYears(Interlocked.Increment(ref _asked) % 3 - 1);
}
