namespace ChunkStream.Core.Failures;

/// <summary>Whose fault a failure is: what an operator looks at first.</summary>
public enum Blame
{
    /// <summary>The other side sent or asked for something that it must not.</summary>
    Peer,

    /// <summary>The network between the two.</summary>
    Path,

    /// <summary>The disk or database under us.</summary>
    Store,

    /// <summary>This program.</summary>
    Us,
}
