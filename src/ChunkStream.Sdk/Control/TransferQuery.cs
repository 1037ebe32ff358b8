namespace ChunkStream.Sdk.Control;

/// <summary>Which transfers to list: newest first, or by name where a prefix of names is asked for. Nulls don't filter.</summary>
/// <param name="Cursor"><see cref="Page{T}.Next"/> of the page before, asked for with the same filters; null: the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
/// <param name="NamePrefix">Only names that begin so; upper and lower case are told apart.</param>
/// <param name="CreatedFrom">Only what was created then or later.</param>
/// <param name="CreatedBefore">Only what was created earlier.</param>
public sealed record TransferQuery(
    TransferState? State = null,
    TransferDirection? Direction = null,
    string? Cursor = null,
    int Limit = 100,
    TransferPriority? Priority = null,
    string? NamePrefix = null,
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedBefore = null);
