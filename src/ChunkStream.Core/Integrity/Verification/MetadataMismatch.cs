namespace ChunkStream.Core.Integrity.Verification;

/// <summary>A field of a file's metadata that isn't what was expected.</summary>
public sealed record MetadataMismatch(string Field, string Expected, string Found)
{
    public override string ToString() => $"The {Field} is {Found}, not {Expected}.";
}
