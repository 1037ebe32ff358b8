using ChunkStream.Cli.Bench;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

/// <summary>A test that compares with ISA-L, and is skipped where that isn't installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsaLFactAttribute : FactAttribute
{
    public IsaLFactAttribute()
    {
        if (IsaL.Installed is null) Skip = "libisal.so.2 can't be loaded (Debian's package libisal2). The golden vectors are tested all the same.";
    }
}
