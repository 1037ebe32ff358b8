namespace ChunkStream.Core.Integrity;

/// <summary>
/// Merges the chaining values of a file's data chunks, in any order of arrival, to the file's standard BLAKE3. Not thread-safe.
/// <para>
/// Siblings merge as soon as both are there, so chunks in order need memory for one value a level (25 at most); in the worst order
/// half of all chunks' values wait, some 60 bytes each.
/// </para>
/// </summary>
public sealed class SubtreeMerger
{
    private readonly Dictionary<Position, Digest> _waiting = [];
    private readonly long _chunkCount;
    private Digest _root;

    /// <param name="sizeBytes">The file's length.</param>
    /// <param name="chunkBytes">The length of every data chunk but the last: a power of two, at least 1 KiB.</param>
    public SubtreeMerger(long sizeBytes, int chunkBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        if (chunkBytes < Blake3.LeafBytes || !int.IsPow2(chunkBytes))
            throw new ArgumentOutOfRangeException(nameof(chunkBytes), chunkBytes, "A chunk is a power of two of 1,024 bytes.");
        _chunkCount = sizeBytes / chunkBytes + (sizeBytes % chunkBytes == 0 ? 0 : 1);
        if (_chunkCount == 0) Finish(Blake3.Hash([]));
    }

    /// <summary>Whether every data chunk's value is in.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>How many values are held: a measure of memory.</summary>
    internal int WaitingCount => _waiting.Count;

    /// <summary>Takes the value of one data chunk. One that is in already changes nothing.</summary>
    /// <param name="dataChunkNumber">0-based, in the order of the file.</param>
    /// <param name="chainingValue">As <see cref="ChunkHash.Of"/> gives it: where the file is one chunk, its hash.</param>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such data chunk.</exception>
    public void Add(long dataChunkNumber, in Digest chainingValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataChunkNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dataChunkNumber, _chunkCount);
        if (Contains(dataChunkNumber)) return;

        Digest value = chainingValue;
        var position = new Position(0, dataChunkNumber);
        for (long width = _chunkCount; width > 1; width = (width + 1) / 2, position = position.Parent)
        {
            bool hasNoSibling = position.Number == width - 1 && width % 2 == 1;
            if (hasNoSibling) continue;
            if (!_waiting.Remove(position.Sibling, out Digest sibling))
            {
                _waiting.Add(position, value);
                return;
            }

            bool isRoot = width == 2;
            value = position.IsLeft ? Blake3.Parent(in value, in sibling, isRoot) : Blake3.Parent(in sibling, in value, isRoot);
        }

        Finish(value);
    }

    /// <summary>The file's BLAKE3.</summary>
    /// <exception cref="InvalidOperationException">A data chunk's value is still missing.</exception>
    public Digest Root() => IsComplete ? _root : throw new InvalidOperationException("Not every data chunk's value has been added.");

    private void Finish(in Digest root)
    {
        _root = root;
        IsComplete = true;
    }

    /// <summary>A value that is in waits at its own place or has gone into the value of a place above.</summary>
    private bool Contains(long dataChunkNumber)
    {
        if (IsComplete) return true;
        var position = new Position(0, dataChunkNumber);
        for (long width = _chunkCount; width > 1; width = (width + 1) / 2, position = position.Parent)
            if (_waiting.ContainsKey(position)) return true;
        return false;
    }

    /// <summary>A node's place: how many levels above the chunks, and which from the left.</summary>
    private readonly record struct Position(int Level, long Number)
    {
        public bool IsLeft => Number % 2 == 0;
        public Position Parent => new(Level + 1, Number / 2);
        public Position Sibling => new(Level, Number ^ 1);
    }
}
