using ChunkStream.Cli.Bench;
using ChunkStream.Core.Erasure;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

public sealed unsafe class IsaLTests
{
    [IsaLFact]
    public void ParityEqualsIsaLs() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 12], Gen.Int[1, 3000], Gen.Int).Sample(CompareAllKernels, iter: 300);

    [IsaLFact]
    public void ParityOfEveryShapeEqualsIsaLs() =>
        Gen.Int[1, 128].SelectMany(k => Gen.Select(Gen.Const(k), Gen.Int[0, 255 - k], Gen.Int[1, 300], Gen.Int)).Sample(CompareAllKernels, iter: 60);

    [IsaLFact]
    public void EveryLengthUpToSixHundredEqualsIsaLs()
    {
        for (int lengthBytes = 1; lengthBytes <= 600; lengthBytes++) CompareAllKernels(10, 3, lengthBytes, seed: lengthBytes);
    }

    [IsaLFact]
    public void WholeChunksEqualIsaLs()
    {
        CompareAllKernels(10, 3, 1024 * 1024, seed: 1);
        CompareAllKernels(6, 7, 256 * 1024 - 1, seed: 2);
    }

    private static void CompareAllKernels(int dataShards, int parityShards, int lengthBytes, int seed)
    {
        var stripe = new TestStripe(dataShards, 0, lengthBytes, seed);
        byte[][] expected = [.. Enumerable.Range(0, parityShards).Select(_ => new byte[lengthBytes])];
        EncodeByIsaL(stripe.Data, expected);
        foreach (ErasureKernel kernel in ErasureKernels.Supported)
        {
            Memory<byte>[] parity = [.. Enumerable.Range(0, parityShards).Select(_ => new byte[lengthBytes])];
            new ReedSolomon(dataShards, parityShards, kernel).Encode(stripe.Data, parity);
            for (int i = 0; i < parityShards; i++)
                Assert.True(parity[i].Span.SequenceEqual(expected[i]), $"{kernel.Name}, {dataShards}+{parityShards}, {lengthBytes} bytes, parity {i}.");
        }
    }

    private static void EncodeByIsaL(ReadOnlyMemory<byte>[] data, byte[][] parity)
    {
        if (parity.Length == 0) return;
        var handles = data.Select(chunk => chunk.Pin()).Concat(parity.Select(chunk => chunk.AsMemory().Pin())).ToArray();
        try
        {
            byte** starts = stackalloc byte*[handles.Length];
            for (int i = 0; i < handles.Length; i++) starts[i] = (byte*)handles[i].Pointer;
            fixed (byte* tables = IsaL.Installed!.MakeTables(data.Length, parity.Length))
                IsaL.Installed.Encode(parity[0].Length, data.Length, parity.Length, tables, starts, starts + data.Length);
        }
        finally
        {
            foreach (System.Buffers.MemoryHandle handle in handles) handle.Dispose();
        }
    }
}
