using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>
/// Integrity-check records one after another in a seekable stream, oldest first. A record that a crash cut short is overwritten by the
/// next one; a record whose bytes have changed is told as such and doesn't hide the others. Memory: one record.
/// </summary>
public static class IntegrityCheckLog
{
    /// <summary>Adds a record behind the last whole one. Durable when the caller has flushed the stream.</summary>
    public static async ValueTask AppendAsync(Stream log, IntegrityCheckRecord record, CancellationToken cancellationToken = default)
    {
        log.Position = log.Length - log.Length % IntegrityCheckRecord.StoredBytes;
        await log.WriteAsync(record.ToBytes(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every record, in the order in which they were added; null for one that isn't whole and unchanged.</summary>
    public static async IAsyncEnumerable<IntegrityCheckRecord?> ReadAsync(
        Stream log, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] bytes = new byte[IntegrityCheckRecord.StoredBytes];
        log.Position = 0;
        while (await log.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == bytes.Length)
            yield return IntegrityCheckRecord.TryRead(bytes, out IntegrityCheckRecord? record) ? record : null;
    }
}
