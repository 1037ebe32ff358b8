using System.Runtime.InteropServices;
using ChunkStream.Core.Erasure;
using ChunkStream.Core.Integrity.Kernels;

namespace ChunkStream.Cli.Bench;

/// <summary>What the figures were measured on.</summary>
/// <param name="Architecture">Such as <c>x64</c> or <c>arm64</c>.</param>
/// <param name="Processors">How many threads run at once.</param>
/// <param name="Blake3">The vectors that hashing uses.</param>
/// <param name="Erasure">The instructions that the erasure code uses.</param>
/// <param name="ErasureSupported">All of them that this machine has, fastest first.</param>
internal sealed record BenchMachine(string Architecture, int Processors, string Blake3, string Erasure, IReadOnlyList<string> ErasureSupported)
{
    public static BenchMachine This() => new(
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), Environment.ProcessorCount, Lanes.Best.ToString().ToLowerInvariant(),
        ReedSolomon.InstructionSet, [.. ErasureKernels.Supported.Select(kernel => kernel.Name)]);
}
