using ChunkStream.Cli.Bench;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

/// <summary>A test that compares with the command <c>b3sum</c>, and is skipped where that isn't installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class B3SumFactAttribute : FactAttribute
{
    public B3SumFactAttribute()
    {
        if (B3Sum.Hash("/dev/null", threads: 1) is null) Skip = "b3sum isn't installed (Debian's package b3sum). The official vectors are tested all the same.";
    }
}
