namespace ChunkStream.Sdk.Control;

/// <summary>The body of <c>POST /api/v1/transfers/{id}/fail</c>.</summary>
/// <param name="Code">A stable code in kebab case, such as <c>file-changed</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record FailTransfer(string Code, string Message);
