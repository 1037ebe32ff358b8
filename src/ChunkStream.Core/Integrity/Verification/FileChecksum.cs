namespace ChunkStream.Core.Integrity.Verification;

/// <summary>The BLAKE3 of a whole stream, computed in constant memory.</summary>
/// <param name="Hash">The standard hash: what <c>b3sum</c> prints.</param>
/// <param name="LengthBytes">How many bytes the stream had.</param>
public readonly record struct FileChecksum(Digest Hash, long LengthBytes)
{
    /// <summary>What is read at once for each thread. Two such buffers are used, so that reading and hashing go on at once.</summary>
    public const int BufferBytesPerThread = 1024 * 1024;

    /// <param name="stream">Read from its current position to its end. Stays the caller's; its exceptions pass through.</param>
    /// <param name="maxThreads">At most so many threads hash, 1 or more. Memory: 2 MiB for each.</param>
    /// <param name="cancellationToken">Ends the wait for the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is less than 1.</exception>
    public static async Task<FileChecksum> ComputeAsync(Stream stream, int maxThreads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        var hasher = new Blake3Hasher();
        byte[] reading = GC.AllocateUninitializedArray<byte>(maxThreads * BufferBytesPerThread);
        byte[] hashing = GC.AllocateUninitializedArray<byte>(reading.Length);
        int read = await FillAsync(reading);
        while (read > 0)
        {
            (reading, hashing) = (hashing, reading);
            int bytes = read;
            Task<int> next = bytes == hashing.Length ? FillAsync(reading) : Task.FromResult(0);
            hasher.UpdateParallel(hashing.AsMemory(0, bytes), maxThreads);
            read = await next;
        }

        return new(hasher.Finish(), hasher.LengthBytes);

        Task<int> FillAsync(byte[] buffer) =>
            stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).AsTask();
    }
}
