using ChunkStream.Core.Erasure;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

/// <summary>Every kernel that this machine can run, for theories: each is forced in turn.</summary>
public static class Kernels
{
    public static TheoryData<string> Names => [.. ErasureKernels.Supported.Select(kernel => kernel.Name)];

    internal static ErasureKernel Of(string name) => ErasureKernels.Supported.Single(kernel => kernel.Name == name);
}
