namespace ChunkStream.Sdk.Control;

/// <summary>One thing that went wrong with a transfer.</summary>
/// <param name="At">When.</param>
/// <param name="Code">The failure's stable code, such as <c>path-lost</c>.</param>
/// <param name="Message">A sentence.</param>
/// <param name="RecoveredAt">When the transfer went on; null while it doesn't, and where the failure ended it.</param>
public sealed record TransferFailure(DateTimeOffset At, string Code, string Message, DateTimeOffset? RecoveredAt);
