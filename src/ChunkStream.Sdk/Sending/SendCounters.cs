namespace ChunkStream.Sdk.Sending;

/// <summary>What one send counts. Thread-safe.</summary>
internal sealed class SendCounters
{
    private long _sent, _lost, _resent;

    public long SentChunks => Volatile.Read(ref _sent);

    public long LostChunks => Volatile.Read(ref _lost);

    public long ResentChunks => Volatile.Read(ref _resent);

    public void Sent() => Interlocked.Increment(ref _sent);

    public void Lost() => Interlocked.Increment(ref _lost);

    public void Resent() => Interlocked.Increment(ref _resent);
}
