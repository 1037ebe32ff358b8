using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Grains.Transfers;

/// <summary>What a transfer grain keeps. Members are only ever added, each with a new id, so that old states still load.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.state.transfer")]
internal sealed record TransferRecord
{
    /// <summary>Counts the changes; by it the catalogue tells a late row from a newer one.</summary>
    [Id(0)] public long Revision { get; init; }

    [Id(1)] public required TransferPlan Plan { get; init; }
    [Id(2)] public required TransferState State { get; init; }
    [Id(3)] public required TransferPriority Priority { get; init; }

    /// <summary>The key that keeps the file from being sent twice at once; null where the client gave no fingerprint.</summary>
    [Id(4)] public string? Key { get; init; }

    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(6)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Paused by a broken network and not by the owner, hence resumed by the client's return.</summary>
    [Id(7)] public bool PausedByNetwork { get; init; }

    /// <summary>When sending: the sender's hash, from Completing on. When receiving: the file's, from the start.</summary>
    [Id(8)] public Digest? ContentHash { get; init; }

    /// <summary>When receiving: the digest of the file's manifest.</summary>
    [Id(9)] public Digest? ManifestDigest { get; init; }

    [Id(10)] public long RebuiltChunks { get; init; }
    [Id(11)] public FailureCode FailureCode { get; init; }
    [Id(12)] public string? FailureMessage { get; init; }

    /// <summary>
    /// The transfer has ended, and all that follows from it is done: lanes closed, the session told, a failed file's bytes
    /// dropped, the key released.
    /// </summary>
    [Id(13)] public bool IsSettled { get; init; }

    /// <summary>What went wrong, oldest first: the last <see cref="FailureHistory.Length"/>. Null where nothing did.</summary>
    [Id(14)] public IReadOnlyList<TransferFailure>? Failures { get; init; }

    /// <summary>When sending: the file's hash as the client knew it beforehand, with which the transfer completes by itself.</summary>
    [Id(15)] public Digest? DeclaredHash { get; init; }

    /// <summary>Whether the grain has something to do that no caller waits for.</summary>
    public bool HasWork => State is TransferState.Completing || (State.HasEnded() && !IsSettled);
}
