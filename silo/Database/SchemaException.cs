namespace ChunkStream.Silo.Database;

/// <summary>The state database's schema doesn't fit this program, or couldn't be brought up to date.</summary>
public sealed class SchemaException : Exception
{
    public SchemaException(string message) : base(message) { }

    public SchemaException(string message, Exception inner) : base(message, inner) { }

    public SchemaException() { }
}
