using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Kernels;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;

namespace ChunkStream.Cli.Bench;

/// <summary>
/// BLAKE3 in gigabytes a second: of a file, beside the installed <c>b3sum</c>, both mapping it into memory; of messages in cache, beside
/// libblake3; and the verification of a batch, beside the hashing of the same chunks.
/// </summary>
internal static class Blake3Bench
{
    private const int FileBytes = 1 << 30;
    private const int FileRuns = 7;
    private const int MessageRuns = 301;
    private const int BatchRuns = 15;
    private const int BatchChunks = 512;
    private const int BatchChunkBytes = 256 * 1024;
    private const double BatchGoal = 0.9;
    private const string Unit = "GB/s";

    /// <param name="cancellationToken">Looked at between the parts.</param>
    public static IReadOnlyList<BenchRow> Run(CancellationToken cancellationToken)
    {
        List<BenchRow> rows = [];
        AddFile(rows, cancellationToken);
        AddMessages(rows);
        cancellationToken.ThrowIfCancellationRequested();
        AddInstructionSets(rows);
        AddBatch(rows);
        AddAllocation(rows);
        return rows;
    }

    private static void AddFile(List<BenchRow> rows, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-bench-").FullName;
        try
        {
            string path = Path.Combine(folder, "file"), empty = Path.Combine(folder, "empty");
            Digest expected = MakeFile(path);
            File.WriteAllBytes(empty, []);
            int threads = Environment.ProcessorCount;
            AddFile(rows, "BLAKE3 of a file of 1 GiB, one thread", path, empty, threads: 1, expected);
            cancellationToken.ThrowIfCancellationRequested();
            AddFile(rows, $"BLAKE3 of a file of 1 GiB, all threads ({threads})", path, empty, threads, expected);
            cancellationToken.ThrowIfCancellationRequested();
            double[] streamed = SpeedSamples.Medians(FileBytes, FileRuns, () =>
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
                Check(expected, FileChecksum.ComputeAsync(stream, threads).GetAwaiter().GetResult().Hash);
            });
            rows.Add(new($"streaming checksum of a file of 1 GiB, all threads ({threads})", streamed[0], Unit));
        }
        catch (IOException exception)
        {
            rows.Add(new("BLAKE3 of a file of 1 GiB", null, Unit, Why: $"no such file can be made in {Path.GetTempPath()}: {exception.Message}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AddFile(List<BenchRow> rows, string name, string path, string empty, int threads, Digest expected)
    {
        void HashMapped()
        {
            using IDisposable mapped = new MappedFile(path);
            Check(expected, Blake3.HashParallel(((MappedFile)mapped).Memory, threads));
        }

        string peer = threads == 1 ? "b3sum --num-threads 1" : "b3sum";
        if (B3Sum.Hash(path, threads) is not { } printed)
        {
            double alone = SpeedSamples.Medians(FileBytes, FileRuns, HashMapped)[0];
            rows.Add(new(name, alone, Unit, Why: "no peer: b3sum isn't installed"));
            return;
        }

        Check(expected, Digest.Parse(printed));
        double[] ours = new double[FileRuns], theirs = new double[FileRuns];
        for (int run = 0; run < FileRuns; run++)
        {
            ours[run] = FileBytes / SpeedSamples.Seconds(HashMapped, calls: 1) / 1e9;
            // What it takes to start a process isn't hashing.
            double start = SpeedSamples.Seconds(() => B3Sum.Hash(empty, threads), calls: 1);
            theirs[run] = FileBytes / (SpeedSamples.Seconds(() => B3Sum.Hash(path, threads), calls: 1) - start) / 1e9;
        }

        rows.Add(Compared(name, SpeedSamples.Median(ours), peer, SpeedSamples.Median(theirs), goal: 1.0));
    }

    private static void AddMessages(List<BenchRow> rows)
    {
        var native = NativeBlake3.Load();
        foreach (int bytes in (int[])[64 * 1024, 256 * 1024, 1024 * 1024])
        {
            byte[] data = Data(bytes);
            string name = $"BLAKE3 of {bytes / 1024} KiB in cache, one thread";
            if (native is null)
            {
                double alone = SpeedSamples.Medians(bytes, MessageRuns, () => Blake3.Hash(data))[0];
                rows.Add(new(name, alone, Unit, Why: "no peer: libblake3.so.0 can't be loaded; CHUNKSTREAM_BENCH_LIBBLAKE3 may name it"));
                continue;
            }

            byte[] output = new byte[Digest.SizeBytes];
            double[] speeds = SpeedSamples.Medians(bytes, MessageRuns, () => Blake3.Hash(data), () => native.Hash(data, output));
            Check(new Digest(output), Blake3.Hash(data));
            rows.Add(Compared(name, speeds[0], $"libblake3 {native.Version}", speeds[1], goal: 1.0));
        }
    }

    private static void AddInstructionSets(List<BenchRow> rows)
    {
        byte[] data = Data(1024 * 1024);
        for (InstructionSet set = Lanes.Best; set >= InstructionSet.Scalar; set--)
        {
            HashMode mode = HashMode.Plain with { Instructions = set };
            double speed = SpeedSamples.Medians(data.Length, MessageRuns, () => Tree.Root(data, in mode).RootDigest())[0];
            rows.Add(new($"BLAKE3 of 1024 KiB in cache, one thread, forced to {set}", speed, Unit));
        }
    }

    private static void AddBatch(List<BenchRow> rows)
    {
        var layout = new FileLayout((long)BatchChunks * BatchChunkBytes, BatchChunkBytes, 10, 3);
        byte[] data = Data(BatchChunks * BatchChunkBytes);
        ChunkToVerify[] chunks = [.. Enumerable.Range(0, BatchChunks).Select(i =>
        {
            ChunkIndex index = layout.IndexAt((long)i * BatchChunkBytes);
            ReadOnlyMemory<byte> bytes = data.AsMemory(i * BatchChunkBytes, BatchChunkBytes);
            return new ChunkToVerify(index, bytes, ChunkHash.Of(layout, index, bytes.Span));
        })];

        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            double[] speeds = SpeedSamples.Medians(
                data.Length, BatchRuns,
                () => Check(ChunkVerifier.VerifyAll(layout, chunks, threads).IsGood),
                () => Blake3.HashParallel(data, threads));
            rows.Add(Compared(
                $"batch verification of {BatchChunks} chunks of 256 KiB, {(threads == 1 ? "one thread" : $"all threads ({threads})")}",
                speeds[0], "BLAKE3 of the same bytes", speeds[1], BatchGoal));
        }
    }

    private static void AddAllocation(List<BenchRow> rows)
    {
        byte[] data = Data(BatchChunkBytes);
        var layout = new FileLayout(4L * BatchChunkBytes, BatchChunkBytes, 2, 1);
        var index = new ChunkIndex(1, 0);
        Digest expected = ChunkHash.Of(layout, index, data);
        const int calls = 100;
        for (int i = 0; i < calls; i++) ChunkVerifier.IsGood(layout, index, data, in expected); // Compiling allocates.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < calls; i++) ChunkVerifier.IsGood(layout, index, data, in expected);
        double perChunk = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)calls;
        rows.Add(new("allocated for a chunk hashed and verified", perChunk, "bytes", Goal: 0, Met: perChunk == 0));
    }

    private static BenchRow Compared(string name, double value, string peer, double peerValue, double goal) =>
        new(name, value, Unit, peer, peerValue, value / peerValue, goal, value / peerValue >= goal);

    private static Digest MakeFile(string path)
    {
        byte[] piece = Data(16 << 20);
        var hasher = new Blake3Hasher();
        using FileStream stream = File.Create(path);
        for (int done = 0; done < FileBytes; done += piece.Length)
        {
            piece[0]++;
            stream.Write(piece);
            hasher.Update(piece);
        }
        return hasher.Finish();
    }

    private static byte[] Data(int lengthBytes)
    {
        byte[] data = GC.AllocateUninitializedArray<byte>(lengthBytes, pinned: true);
        new Random(1).NextBytes(data);
        return data;
    }

    private static void Check(Digest expected, Digest found) => Check(expected == found);

    private static void Check(bool isRight)
    {
        if (!isRight) throw new InvalidOperationException("What was measured gave a wrong result.");
    }
}
