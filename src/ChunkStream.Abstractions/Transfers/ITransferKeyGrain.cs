namespace ChunkStream.Abstractions.Transfers;

/// <summary>
/// Keeps one file from being sent twice at once. Keyed by the hash of owner, name and fingerprint; the grain is the lock.
/// </summary>
[Alias("chunkstream.ITransferKeyGrain")]
public interface ITransferKeyGrain : IGrainWithStringKey
{
    /// <summary>
    /// The transfer that holds this key and hasn't ended, or <paramref name="proposed"/>, which holds it from now on; durably only when
    /// <see cref="HoldAsync"/> has said so.
    /// </summary>
    [Alias("Claim")]
    Task<Outcome<Guid>> ClaimAsync(Guid proposed);

    /// <summary>Makes a claim durable. Answers as <see cref="ClaimAsync"/> does: another transfer, if that holds the key by now.</summary>
    [Alias("Hold")]
    Task<Outcome<Guid>> HoldAsync(Guid transferId);

    /// <summary>Gives the key back, if this transfer holds it. Answers whether it did.</summary>
    [Alias("Release")]
    Task<Outcome<bool>> ReleaseAsync(Guid transferId);
}
