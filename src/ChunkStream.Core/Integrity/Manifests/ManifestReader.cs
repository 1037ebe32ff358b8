using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>
/// Reads a manifest from a stream, stripe by stripe, and checks all of it: header, counts, length, footer, and that the data chunks'
/// values merge to the content hash. Memory: 64 KiB and one digest a level of the file's tree, however large the file is.
/// <para>
/// <see cref="ReadHeaderAsync"/> first, then <see cref="ReadStripeAsync"/> until it answers false. Then either
/// <see cref="IsVerified"/>, or <see cref="Fault"/> says why not. Until then the stripes are only what an unverified manifest claims.
/// Not thread-safe; the stream stays the caller's, and its own exceptions pass through.
/// </para>
/// </summary>
public sealed class ManifestReader(Stream stream)
{
    private const int BufferBytes = 64 * 1024;

    private readonly Blake3Hasher _hasher = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start, _end;
    private long _readBytes, _hashedBytes;
    private int _nextStripe;
    private SubtreeMerger? _merger;
    private ManifestHeader? _header;

    /// <exception cref="InvalidOperationException">The header hasn't been read, or it has a fault.</exception>
    public ManifestHeader Header => _header ?? throw new InvalidOperationException("No header has been read.");

    /// <summary>Why the manifest isn't accepted, or null while nothing wrong has been found.</summary>
    public ManifestFault? Fault { get; private set; }

    /// <summary>Whether all of the manifest has been read and found right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>The manifest's own digest: its footer. Zero until <see cref="IsVerified"/>.</summary>
    public Digest ManifestDigest { get; private set; }

    /// <summary>The stripe that <see cref="ReadStripeAsync"/> gave last, or -1.</summary>
    public int Stripe => _nextStripe - 1;

    /// <returns>False where the header has a <see cref="Fault"/>.</returns>
    /// <exception cref="InvalidOperationException">The header has been read already.</exception>
    public async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken = default)
    {
        if (_header is not null || Fault is not null) throw new InvalidOperationException("The header has been read already.");
        await FillAsync(ManifestHeader.SizeBytes, cancellationToken);
        Fault = ManifestHeader.Read(Available, out _header);
        if (_header is null) return false;
        _merger = new SubtreeMerger(_header.Layout.SizeBytes, _header.Layout.ChunkBytes);
        _start = ManifestHeader.SizeBytes;
        HashUpToFooter();
        return true;
    }

    /// <summary>Reads the next stripe, or after the last one the footer.</summary>
    /// <param name="digests">As many as the layout has shards: each is set, those of chunks that don't exist to zero.</param>
    /// <param name="cancellationToken">Ends the wait for the stream.</param>
    /// <returns>False at the manifest's end and where it has a <see cref="Fault"/>.</returns>
    public async ValueTask<bool> ReadStripeAsync(Memory<Digest> digests, CancellationToken cancellationToken = default)
    {
        FileLayout layout = Header.Layout;
        if (Fault is not null || IsVerified) return false;
        if (_nextStripe == layout.StripeCount)
        {
            await ReadFooterAsync(cancellationToken);
            return false;
        }

        int bytes = StripeDigests.PackedBytes(layout, _nextStripe);
        if (!await FillAsync(bytes, cancellationToken)) return Truncated();
        StripeDigests.Unpack(layout, _nextStripe, Available, digests.Span);
        Merge(digests.Span);
        _start += bytes;
        _nextStripe++;
        return true;
    }

    private ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    private async ValueTask ReadFooterAsync(CancellationToken cancellationToken)
    {
        bool isLonger = await FillAsync(Digest.SizeBytes + 1, cancellationToken);
        if (Available.Length < Digest.SizeBytes)
        {
            Truncated();
            return;
        }

        var footer = new Digest(Available[..Digest.SizeBytes]);
        Digest computed = _hasher.Finish();
        if (footer != computed)
            Fault = new(ManifestProblem.DigestWrong, $"The manifest's digest is {computed}; its footer says {footer}.");
        else if (isLonger)
            Fault = new(ManifestProblem.TrailingBytes, $"Bytes follow the manifest's {Header.ManifestBytes}.");
        else if (_merger!.Root() is var root && root != Header.ContentHash)
            Fault = new(ManifestProblem.ContentHashWrong, $"The chunks' values merge to {root}; the content hash is {Header.ContentHash}.");
        else
            (IsVerified, ManifestDigest) = (true, footer);
    }

    private void Merge(ReadOnlySpan<Digest> digests)
    {
        long first = (long)_nextStripe * Header.Layout.DataShards;
        for (int shard = 0; shard < Header.Layout.DataChunksOf(_nextStripe); shard++) _merger!.Add(first + shard, in digests[shard]);
    }

    private bool Truncated()
    {
        Fault = new(ManifestProblem.Truncated, $"The manifest ends after {_readBytes} of {Header.ManifestBytes} bytes.");
        return false;
    }

    /// <summary>Sees to it that so many bytes are available; answers false where the stream ends before.</summary>
    private async ValueTask<bool> FillAsync(int bytes, CancellationToken cancellationToken)
    {
        if (_end - _start >= bytes) return true;
        Available.CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read = await stream.ReadAtLeastAsync(_buffer.AsMemory(_end), bytes - _end, throwOnEndOfStream: false, cancellationToken);
        _end += read;
        _readBytes += read;
        if (_header is not null) HashUpToFooter();
        return _end >= bytes;
    }

    /// <summary>Hashes what has been read and isn't footer, in long pieces.</summary>
    private void HashUpToFooter()
    {
        long bodyEnd = Math.Min(_readBytes, Header.ManifestBytes - Digest.SizeBytes);
        int bytes = (int)(bodyEnd - _hashedBytes);
        if (bytes <= 0) return;
        int at = _end - (int)(_readBytes - _hashedBytes);
        _hasher.Update(_buffer.AsSpan(at, bytes));
        _hashedBytes = bodyEnd;
    }
}
