using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>Checks chunks against their hashes: one or many, briefly or in detail. Allocates nothing for a chunk.</summary>
public static class ChunkVerifier
{
    /// <summary>Whether these are the chunk's bytes. False for a wrong length or index too.</summary>
    public static bool IsGood(FileLayout layout, ChunkIndex index, ReadOnlySpan<byte> bytes, in Digest expected) =>
        Verify(layout, index, bytes, in expected).IsGood;

    /// <summary>The same with what differs.</summary>
    public static ChunkVerification Verify(FileLayout layout, ChunkIndex index, ReadOnlySpan<byte> bytes, in Digest expected)
    {
        if (!layout.Contains(index)) return new(ChunkFinding.OutsideLayout, index, null, 0, bytes.Length, expected, default);
        long? offsetBytes = layout.IsParity(index) ? null : layout.OffsetOf(index);
        int expectedBytes = layout.LengthOf(index);
        if (bytes.Length != expectedBytes)
            return new(ChunkFinding.LengthWrong, index, offsetBytes, expectedBytes, bytes.Length, expected, default);
        Digest found = ChunkHash.Of(layout, index, bytes);
        ChunkFinding finding = found == expected ? ChunkFinding.Good : ChunkFinding.HashWrong;
        return new(finding, index, offsetBytes, expectedBytes, bytes.Length, expected, found);
    }

    /// <summary>Verifies many chunks of one file on several threads of the pool.</summary>
    /// <param name="layout">The file's layout.</param>
    /// <param name="chunks">In any order.</param>
    /// <param name="maxThreads">At most so many threads, 1 or more; the caller's is one of them.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is known of the batch then.</exception>
    public static BatchVerification VerifyAll(
        FileLayout layout, ReadOnlyMemory<ChunkToVerify> chunks, int maxThreads, CancellationToken cancellationToken = default)
    {
        var result = new BatchVerification(layout);
        VerifyAll(result, chunks, maxThreads, cancellationToken);
        return result;
    }

    internal static void VerifyAll(
        BatchVerification result, ReadOnlyMemory<ChunkToVerify> chunks, int maxThreads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        if (maxThreads == 1 || chunks.Length <= 1)
        {
            foreach (ref readonly ChunkToVerify chunk in chunks.Span)
            {
                cancellationToken.ThrowIfCancellationRequested();
                result.Add(Verify(result.Layout, chunk.Index, chunk.Bytes.Span, chunk.Expected));
            }
            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = maxThreads, CancellationToken = cancellationToken };
        Parallel.For(0, chunks.Length, options, i =>
        {
            ref readonly ChunkToVerify chunk = ref chunks.Span[i];
            result.Add(Verify(result.Layout, chunk.Index, chunk.Bytes.Span, chunk.Expected));
        });
    }
}
