namespace ChunkStream.Sdk.Control;

/// <summary>Which transfers to list. Nulls don't filter.</summary>
public sealed record TransferQuery(TransferState? State = null, TransferDirection? Direction = null, Guid? After = null, int Limit = 100);
