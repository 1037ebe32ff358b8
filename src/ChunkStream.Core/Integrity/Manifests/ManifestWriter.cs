namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>
/// Writes a manifest: the header, then each stripe in order, then the footer. Memory: one buffer of 64 KiB. Not thread-safe; the
/// stream stays the caller's, who flushes and closes it. After a failure or a cancellation the stream holds half a manifest.
/// </summary>
public sealed class ManifestWriter
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly Blake3Hasher _hasher = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private int _nextStripe;
    private bool _isComplete;

    /// <param name="stream">Written from its current position on, in pieces of about 64 KiB.</param>
    /// <param name="header">What the manifest says of its file.</param>
    public ManifestWriter(Stream stream, ManifestHeader header)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(header);
        _stream = stream;
        Header = header;
        header.WriteTo(_buffer);
        _buffered = ManifestHeader.SizeBytes;
    }

    public ManifestHeader Header { get; }

    /// <summary>Adds the next stripe.</summary>
    /// <param name="digests">One for each shard, at the shard's number; those of chunks that don't exist are passed over.</param>
    /// <param name="cancellationToken">Ends the wait for the stream.</param>
    /// <exception cref="InvalidOperationException">Every stripe has been written.</exception>
    public ValueTask WriteStripeAsync(ReadOnlySpan<Digest> digests, CancellationToken cancellationToken = default)
    {
        if (_nextStripe >= Header.Layout.StripeCount)
            throw new InvalidOperationException($"The file has only {Header.Layout.StripeCount} stripes.");
        StripeDigests.Pack(Header.Layout, _nextStripe, digests, _buffer.AsSpan(_buffered));
        _buffered += StripeDigests.PackedBytes(Header.Layout, _nextStripe);
        _nextStripe++;
        bool nextFits = BufferBytes - _buffered >= Header.Layout.ShardCount * Digest.SizeBytes;
        return nextFits ? ValueTask.CompletedTask : FlushBufferAsync(cancellationToken);
    }

    /// <summary>Writes the footer.</summary>
    /// <returns>The manifest's own digest, which the footer holds.</returns>
    /// <exception cref="InvalidOperationException">A stripe is missing, or the manifest is complete already.</exception>
    public async ValueTask<Digest> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_isComplete || _nextStripe < Header.Layout.StripeCount)
            throw new InvalidOperationException(
                _isComplete ? "The manifest is complete already." : $"{Header.Layout.StripeCount - _nextStripe} stripes are missing.");
        await FlushBufferAsync(cancellationToken);
        Digest digest = _hasher.Finish();
        digest.CopyTo(_buffer);
        await _stream.WriteAsync(_buffer.AsMemory(0, Digest.SizeBytes), cancellationToken);
        _isComplete = true;
        return digest;
    }

    private async ValueTask FlushBufferAsync(CancellationToken cancellationToken)
    {
        _hasher.Update(_buffer.AsSpan(0, _buffered));
        await _stream.WriteAsync(_buffer.AsMemory(0, _buffered), cancellationToken);
        _buffered = 0;
    }
}
