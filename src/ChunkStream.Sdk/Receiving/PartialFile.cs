using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Sdk.Receiving;

/// <summary>
/// An output that is being received: <c>OUT.part</c> with the bytes and <c>OUT.part.done</c> with which stripes are in it, written only
/// after their bytes were flushed. What the second says is verified against the manifest before it is believed.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const long FlushEveryBytes = 128L * 1024 * 1024;
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(1);

    private readonly string _outputPath, _partPath, _donePath;
    private readonly FileLayout _layout;
    private readonly TimeProvider _time;
    private readonly SafeFileHandle _file;
    private IntervalSet _written = new();
    private long _unflushedBytes, _flushedAt;
    private Task _flushing = Task.CompletedTask;

    private PartialFile(string outputPath, FileLayout layout, SafeFileHandle file, TimeProvider time)
    {
        (_outputPath, _partPath, _donePath) = (outputPath, outputPath + ".part", outputPath + ".part.done");
        (_layout, _file, _time, _flushedAt) = (layout, file, time, time.GetTimestamp());
    }

    /// <summary>Where the manifest of an output is kept until it is whole.</summary>
    public static string ManifestPath(string outputPath) => outputPath + ".part.manifest";

    /// <summary>The file's own bytes that are flushed and noted.</summary>
    public long CommittedBytes { get; private set; }

    /// <exception cref="ChunkStreamException"><c>target-unwritable</c>: another call writes it, or there is no room.</exception>
    public static PartialFile Open(string outputPath, FileLayout layout, TimeProvider time)
    {
        string partPath = outputPath + ".part";
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(partPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The whole length at once: a disk that is too small says so now, and not after an hour.
            if (RandomAccess.GetLength(file) != layout.SizeBytes) Allocate(partPath, ref file, layout.SizeBytes);
            return new(outputPath, layout, file, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new ChunkStreamException(FailureCode.TargetUnwritable, $"'{partPath}' can't be written ({layout.SizeBytes} bytes are needed): {exception.Message}", exception);
        }
    }

    /// <summary>Reads what an earlier call has left, and answers the stripes that are really there and good.</summary>
    public IntervalSet Resume(ManifestFile manifest, CancellationToken cancellationToken)
    {
        var buffer = new byte[_layout.ChunkBytes];
        var expected = new Digest[_layout.ShardCount];
        foreach (var (start, end) in Noted().Intervals())
        {
            for (int stripe = start; stripe < Math.Min(end, _layout.StripeCount); stripe++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                manifest.ReadStripe(stripe, expected);
                if (IsGood(stripe, buffer, expected)) _written.Add(stripe);
            }
        }
        CommittedBytes = BytesIn(_written);
        return _written.Clone();
    }

    /// <summary>Writes a stripe at its place, and every so often flushes and notes what is there.</summary>
    public async ValueTask WriteAsync(FetchedStripe stripe, CancellationToken cancellationToken)
    {
        var (offset, length) = _layout.DataRangeOf(stripe.Stripe);
        var chunks = new ReadOnlyMemory<byte>[_layout.DataChunksOf(stripe.Stripe)];
        for (int shard = 0; shard < chunks.Length; shard++) chunks[shard] = stripe[shard];
        try
        {
            RandomAccess.Write(_file, chunks, offset);
        }
        catch (IOException exception)
        {
            throw Unwritable(exception);
        }
        _written.Add(stripe.Stripe);
        _unflushedBytes += length;
        if (_unflushedBytes < FlushEveryBytes && _time.GetElapsedTime(_flushedAt) < FlushEvery) return;
        // One flush at a time, beside the writing; the next waits for it, so that a slow disk slows the network down.
        await _flushing.WaitAsync(cancellationToken).ConfigureAwait(false);
        _flushing = FlushAsync();
    }

    /// <summary>Everything is written: flushes it and puts it in place.</summary>
    public async Task FinishAsync()
    {
        await _flushing.ConfigureAwait(false);
        try
        {
            await Task.Run(() => RandomAccess.FlushToDisk(_file)).ConfigureAwait(false);
            _file.Dispose();
            File.Move(_partPath, _outputPath, overwrite: true);
            File.Delete(_donePath);
            File.Delete(ManifestPath(_outputPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
        CommittedBytes = _layout.SizeBytes;
    }

    /// <summary>The call ends early: notes what is there for the next one.</summary>
    public async Task LeaveAsync()
    {
        await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_unflushedBytes > 0) await FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _file.Dispose();

    private static void Allocate(string partPath, ref SafeFileHandle file, long sizeBytes)
    {
        file.Dispose();
        File.Delete(partPath);
        file = File.OpenHandle(partPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, sizeBytes);
        RandomAccess.SetLength(file, sizeBytes);
    }

    private Task FlushAsync()
    {
        IntervalSet written = _written.Clone();
        (_unflushedBytes, _flushedAt) = (0, _time.GetTimestamp());
        return Task.Run(() =>
        {
            try
            {
                RandomAccess.FlushToDisk(_file);
                string fresh = _donePath + ".new";
                File.WriteAllBytes(fresh, ChunkSet.FromBounds([written.ToBounds()]).ToBytes());
                File.Move(fresh, _donePath, overwrite: true);
                CommittedBytes = BytesIn(written);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(exception);
            }
        });
    }

    private IntervalSet Noted()
    {
        try
        {
            return ChunkSet.FromBytes(File.ReadAllBytes(_donePath))[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new();
        }
    }

    private bool IsGood(int stripe, byte[] buffer, Digest[] expected)
    {
        for (int shard = 0; shard < _layout.DataChunksOf(stripe); shard++)
        {
            ChunkIndex index = new(stripe, shard);
            Span<byte> chunk = buffer.AsSpan(0, _layout.LengthOf(index));
            if (RandomAccess.Read(_file, chunk, _layout.OffsetOf(index)) != chunk.Length) return false;
            if (ChunkHash.Of(_layout, index, chunk) != expected[shard]) return false;
        }
        return true;
    }

    private long BytesIn(IntervalSet stripes)
    {
        long bytes = 0;
        foreach (var (start, end) in stripes.Intervals())
        {
            var (first, _) = _layout.DataRangeOf(start);
            var (last, length) = _layout.DataRangeOf(end - 1);
            bytes += last + length - first;
        }
        return bytes;
    }

    private ChunkStreamException Unwritable(Exception exception) =>
        new(FailureCode.TargetUnwritable, $"'{_partPath}' can't be written: {exception.Message} What was received is kept; the same command goes on.", exception);
}
