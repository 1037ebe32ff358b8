namespace ChunkStream.Sdk;

/// <summary>
/// Where a transfer is. Each number only grows. Bytes are the file's own: parity isn't counted. A file is done only when the call
/// returns.
/// </summary>
/// <param name="TotalBytes">The file's length.</param>
/// <param name="SentBytes">Handed to a lane (sending), or asked for (receiving).</param>
/// <param name="AcceptedBytes">Verified by the other side and written (sending), or arrived and verified (receiving).</param>
/// <param name="CommittedBytes">Durable: flushed and recorded on the side that keeps it.</param>
/// <param name="Phase">What is going on.</param>
public readonly record struct TransferProgress(long TotalBytes, long SentBytes, long AcceptedBytes, long CommittedBytes, TransferPhase Phase);
