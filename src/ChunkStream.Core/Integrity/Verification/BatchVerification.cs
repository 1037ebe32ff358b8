using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>
/// The summary of many chunks' verification. Memory: intervals for the chunks that failed, and the details of the first
/// <see cref="MaxDetails"/> of them.
/// </summary>
public sealed class BatchVerification
{
    /// <summary>How many failed chunks are described one by one.</summary>
    public const int MaxDetails = 100;

    private readonly Lock _lock = new();
    private readonly List<ChunkVerification> _details = [];

    /// <summary>Of chunks that are verified one by one; <see cref="ChunkVerifier.VerifyAll(FileLayout, ReadOnlyMemory{ChunkToVerify}, int, CancellationToken)"/> makes its own.</summary>
    public BatchVerification(FileLayout layout)
    {
        Layout = layout;
        Failed = new ChunkSet(layout.ShardCount);
    }

    public FileLayout Layout { get; }

    public long CheckedChunks { get; private set; }

    public long CheckedBytes { get; private set; }

    /// <summary>How many chunks failed, those included that the file doesn't have.</summary>
    public long FailedChunks { get; private set; }

    /// <summary>The file's chunks that failed.</summary>
    public ChunkSet Failed { get; }

    /// <summary>What is wrong with the first that failed. In no order where several threads verified.</summary>
    public IReadOnlyList<ChunkVerification> Details => _details;

    public bool IsGood => FailedChunks == 0;

    public override string ToString() => IsGood
        ? $"{CheckedChunks} chunks are good."
        : $"{FailedChunks} of {CheckedChunks} chunks failed: {string.Join(" ", _details.Take(3))}";

    /// <summary>Takes one chunk's verification. Thread-safe.</summary>
    public void Add(in ChunkVerification chunk)
    {
        lock (_lock)
        {
            CheckedChunks++;
            CheckedBytes += chunk.FoundBytes;
            if (chunk.IsGood) return;
            FailedChunks++;
            if (chunk.Finding != ChunkFinding.OutsideLayout) Failed.Add(chunk.Index);
            if (_details.Count < MaxDetails) _details.Add(chunk);
        }
    }
}
