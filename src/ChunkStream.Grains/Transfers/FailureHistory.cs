using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;

namespace ChunkStream.Grains.Transfers;

/// <summary>Keeps what went wrong with a transfer: the last <see cref="Length"/> failures, so that a record stays a few KiB.</summary>
internal static class FailureHistory
{
    public const int Length = 16;
    public const int MaxMessageChars = 256;

    /// <summary>
    /// The record with one more failure. The same code again, while the transfer hasn't gone on since, is the same failure: what is
    /// tried again and again doesn't push the rest out.
    /// </summary>
    public static TransferRecord WithFailure(this TransferRecord record, Failure failure, DateTimeOffset now)
    {
        IReadOnlyList<TransferFailure> known = record.Failures ?? [];
        if (known.Count > 0 && known[^1] is { RecoveredAt: null } last && last.Code == failure.Code) return record;
        string message = failure.Message.Length > MaxMessageChars ? failure.Message[..MaxMessageChars] : failure.Message;
        return record with
        {
            Failures = [.. known.Skip(known.Count + 1 - Length), new() { At = now, Code = failure.Code, Message = message }],
        };
    }

    /// <summary>The record in which whatever went wrong is over.</summary>
    public static TransferRecord WithRecovery(this TransferRecord record, DateTimeOffset now) =>
        record.Failures is not { Count: > 0 } known || known[^1].RecoveredAt is not null
            ? record
            : record with { Failures = [.. known.Select(failure => failure.RecoveredAt is null ? failure with { RecoveredAt = now } : failure)] };
}
