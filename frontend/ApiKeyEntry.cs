namespace ChunkStream.Frontend;

/// <summary>An API key that a frontend takes, without the key itself.</summary>
public sealed class ApiKeyEntry
{
    /// <summary>Whose key it is; transfers and files belong to this name.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key's ASCII text, as 64 hex digits: <c>printf %s KEY | sha256sum</c>.</summary>
    public string Sha256 { get; set; } = "";
}
