using System.Runtime.InteropServices;
using ChunkStream.Sdk;

namespace ChunkStream.Cli.Demo;

/// <summary>Data that nothing can compress, the same in every run.</summary>
internal static class TestData
{
    private const ulong Seed = 0x6368756E6B73;
    private const int BufferBytes = 1 << 20;

    public static async Task WriteAsync(string path, long sizeBytes, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        for (long done = 0; done < sizeBytes;)
        {
            Fill(buffer, (ulong)done);
            int length = (int)Math.Min(buffer.Length, sizeBytes - done);
            await file.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            done += length;
            progress.Report(new(sizeBytes, done, done, done, TransferPhase.Moving));
        }
        progress.Report(new(sizeBytes, sizeBytes, sizeBytes, sizeBytes, TransferPhase.Done));
    }

    // SplitMix64 over a counter: a pass of a few instructions for each eight bytes.
    private static void Fill(byte[] buffer, ulong offsetBytes)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan());
        ulong counter = Seed + offsetBytes / sizeof(ulong) * 0x9E3779B97F4A7C15;
        for (int i = 0; i < words.Length; i++)
        {
            counter += 0x9E3779B97F4A7C15;
            ulong z = counter;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            words[i] = z ^ (z >> 31);
        }
    }
}
