using Xunit;

namespace ChunkStream.Tests;

/// <summary>A test of something that only Linux has.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "Only Linux has it.";
    }
}
