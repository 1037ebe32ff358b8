using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>
/// Checks a file's bytes, data chunk by data chunk, against its manifest. Reads both streams once, and reads the next batch while the
/// last one is hashed. Memory: two batches of <see cref="ChunksPerThread"/> chunks a thread.
/// </summary>
public static class FileVerifier
{
    /// <summary>Enough that a thread is rarely left without a chunk at a batch's end.</summary>
    public const int ChunksPerThread = 4;

    /// <param name="file">Read from its current position to its end. Stays the caller's; its exceptions pass through.</param>
    /// <param name="manifest">Likewise.</param>
    /// <param name="maxThreads">At most so many threads hash, 1 or more.</param>
    /// <param name="expected">What else is known of the file, or null.</param>
    /// <param name="cancellationToken">Ends the wait for a stream, and the verification between chunks.</param>
    public static async Task<FileVerification> VerifyAsync(
        Stream file, Stream manifest, int maxThreads, FileExpectation? expected = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        var reader = new ManifestReader(manifest);
        if (!await reader.ReadHeaderAsync(cancellationToken)) return new(new(null, default, reader.Fault, []), null, false);

        FileLayout layout = reader.Header.Layout;
        var result = new BatchVerification(layout);
        int batchChunks = (int)Math.Min((long)ChunksPerThread * maxThreads, Math.Max(1, layout.DataChunkCount));
        Batch reading = new(batchChunks, layout.ChunkBytes), hashing = new(batchChunks, layout.ChunkBytes);
        Task hashed = Task.CompletedTask;
        Digest[] digests = new Digest[layout.ShardCount];
        try
        {
            while (await reader.ReadStripeAsync(digests, cancellationToken))
            {
                for (int shard = 0; shard < layout.DataChunksOf(reader.Stripe); shard++)
                {
                    var index = new ChunkIndex(reader.Stripe, shard);
                    await reading.AddAsync(file, layout.LengthOf(index), index, digests[shard], cancellationToken);
                    if (!reading.IsFull) continue;
                    await hashed;
                    (reading, hashing) = (hashing, reading);
                    hashed = hashing.VerifyAsync(result, maxThreads, cancellationToken);
                }
            }

            await hashed;
            await reading.VerifyAsync(result, maxThreads, cancellationToken);
        }
        finally
        {
            await hashed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It reads a buffer that is about to be given up.
        }

        ManifestVerification verdict = ManifestVerifier.Conclude(reader, expected);
        bool hasTrailingBytes = verdict.IsGood && await file.ReadAsync(new byte[1], cancellationToken) > 0;
        return new(verdict, result, hasTrailingBytes);
    }

    /// <summary>A few chunks and the one buffer that holds them.</summary>
    private sealed class Batch(int maxChunks, int chunkBytes)
    {
        private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(maxChunks * chunkBytes);
        private readonly ChunkToVerify[] _chunks = new ChunkToVerify[maxChunks];
        private int _count;

        public bool IsFull => _count == maxChunks;

        /// <summary>Reads a chunk; where the file has ended, less of it or nothing.</summary>
        public async ValueTask AddAsync(
            Stream file, int lengthBytes, ChunkIndex index, Digest expected, CancellationToken cancellationToken)
        {
            Memory<byte> bytes = _buffer.AsMemory(_count * chunkBytes, lengthBytes);
            int read = await file.ReadAtLeastAsync(bytes, lengthBytes, throwOnEndOfStream: false, cancellationToken);
            _chunks[_count++] = new(index, bytes[..read], expected);
        }

        public Task VerifyAsync(BatchVerification result, int maxThreads, CancellationToken cancellationToken) => Task.Run(
            () =>
            {
                ChunkVerifier.VerifyAll(result, _chunks.AsMemory(0, _count), maxThreads, cancellationToken);
                _count = 0;
            },
            cancellationToken);
    }
}
