namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>What can be wrong with a manifest.</summary>
public enum ManifestProblem
{
    /// <summary>The first bytes aren't a manifest's.</summary>
    NotAManifest,

    /// <summary>Written by a newer version of the format than this program knows.</summary>
    NewerVersion,

    /// <summary>A field of the header has a value that the format doesn't allow.</summary>
    HeaderInvalid,

    /// <summary>The header's size, chunk size, k and m make no layout.</summary>
    LayoutInvalid,

    /// <summary>The stripe count isn't the one that the layout has.</summary>
    StripeCountWrong,

    /// <summary>The manifest ends before its header says.</summary>
    Truncated,

    /// <summary>Bytes follow the footer.</summary>
    TrailingBytes,

    /// <summary>The footer isn't the digest of what precedes it: a bit has changed.</summary>
    DigestWrong,

    /// <summary>The data chunks' values don't merge to the content hash.</summary>
    ContentHashWrong,

    /// <summary>A sound manifest of another file, size, layout or content than the one expected.</summary>
    OtherFile,
}
