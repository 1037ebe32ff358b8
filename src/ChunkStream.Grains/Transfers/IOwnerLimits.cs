using ChunkStream.Abstractions;

namespace ChunkStream.Grains.Transfers;

/// <summary>Keeps an owner's running transfers within the limits. Keyed by the owner.</summary>
[Alias("chunkstream.IOwnerLimits")]
internal interface IOwnerLimits : IGrainWithStringKey
{
    /// <summary>Takes a place for a transfer; taking it again changes nothing. Or <c>limit-reached</c>, or <c>quota-reached</c>.</summary>
    /// <param name="sizeBytes">The length of the file that it sends; 0 where it receives.</param>
    [Alias("Enter")]
    Task<Outcome<bool>> EnterAsync(Guid transferId, long sizeBytes);

    /// <summary>Gives the place back.</summary>
    [Alias("Leave")]
    Task LeaveAsync(Guid transferId);
}
