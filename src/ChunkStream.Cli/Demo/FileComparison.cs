using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;

namespace ChunkStream.Cli.Demo;

/// <summary>Compares two files byte for byte, and hashes the second on the same pass.</summary>
internal static class FileComparison
{
    private const int BufferBytes = 1 << 20;

    public static async Task<(bool Identical, Digest Blake3)> CompareAsync(
        string expectedPath, string actualPath, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        await using FileStream expected = Open(expectedPath), actual = Open(actualPath);
        byte[] left = new byte[BufferBytes], right = new byte[BufferBytes];
        var hasher = new Blake3Hasher();
        bool identical = expected.Length == actual.Length;
        for (long done = 0; ;)
        {
            int read = await actual.ReadAtLeastAsync(right, BufferBytes, throwOnEndOfStream: false, cancellationToken);
            int wanted = await expected.ReadAtLeastAsync(left, BufferBytes, throwOnEndOfStream: false, cancellationToken);
            identical &= left.AsSpan(0, wanted).SequenceEqual(right.AsSpan(0, read));
            if (read == 0) break;
            hasher.Update(right.AsSpan(0, read));
            done += read;
            progress.Report(new(actual.Length, done, done, done, TransferPhase.Moving));
        }
        progress.Report(new(actual.Length, actual.Length, actual.Length, actual.Length, TransferPhase.Done));
        return (identical, hasher.Finish());
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
}
