namespace ChunkStream.Sdk.Control;

/// <summary>The body of <c>PATCH /api/v1/transfers/{id}</c>: what of a transfer can be changed while it runs.</summary>
public sealed record ChangeTransfer
{
    public required TransferPriority Priority { get; init; }
}
