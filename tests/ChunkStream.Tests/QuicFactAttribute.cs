using ChunkStream.Transport.Paths;
using Xunit;

namespace ChunkStream.Tests;

/// <summary>A test that needs QUIC, skipped where this machine doesn't have it.</summary>
internal sealed class QuicFactAttribute : FactAttribute
{
    public const string Reason = "QUIC isn't supported on this machine: libmsquic is missing.";

    public QuicFactAttribute()
    {
        if (!PathDialer.IsQuicSupported) Skip = Reason;
    }
}
