using System.Threading.Channels;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway.Assembly;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Gateway.Ingest;

/// <summary>
/// Codes the parity that an adaptive sender keeps to itself, as soon as a stripe's data is committed: its chunks are still in memory, and
/// the end of the file doesn't wait until all of it was read again. Parity is accepted and committed as if it had been sent. What isn't
/// coded when the file completes is left to <see cref="FileAssembler"/>.
/// </summary>
internal sealed class ParityAtRest : IAsyncDisposable
{
    // So many before another file has its turn.
    private const int StripesATurn = 16;

    private readonly IncomingFile _file;
    private readonly IShardFiles _files;
    private readonly StripeRebuilder _rebuilder;
    private readonly SemaphoreSlim _turn;
    private readonly Channel<int> _stripes = Channel.CreateUnbounded<int>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    /// <param name="file">Whose parity it is.</param>
    /// <param name="files">Its shards.</param>
    /// <param name="committed">What of it is committed by now.</param>
    /// <param name="rebuilder">Reads, codes and writes.</param>
    /// <param name="turn">Held while coding, so that all files together need the memory of one stripe.</param>
    public ParityAtRest(IncomingFile file, IShardFiles files, ChunkSet committed, StripeRebuilder rebuilder, SemaphoreSlim turn)
    {
        (_file, _files, _rebuilder, _turn) = (file, files, rebuilder, turn);
        foreach (int stripe in Uncoded(committed)) _stripes.Writer.TryWrite(stripe);
        // Elsewhere: a lane waits for the file to be opened.
        _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>More chunks were committed.</summary>
    /// <param name="chunks">Those that are new.</param>
    /// <param name="committed">All that are.</param>
    public void Committed(ChunkSet chunks, ChunkSet committed)
    {
        var stripes = new SortedSet<int>();
        for (int shard = 0; shard < _file.Layout.DataShards; shard++)
            foreach (var (start, end) in chunks[shard].Intervals())
                for (int stripe = start; stripe < end; stripe++) stripes.Add(stripe);
        foreach (int stripe in stripes)
            if (IsUncoded(stripe, committed.ShardsOf(stripe))) _stripes.Writer.TryWrite(stripe);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _stripes.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                using var buffers = new ChunkBufferPool(_file.Layout.ChunkBytes, _file.Layout.ShardCount);
                for (int coded = 0; coded < StripesATurn && _stripes.Reader.TryRead(out int stripe); coded++)
                {
                    // Read from the disk the chunks are verified again. Where one isn't good the assembler meets it too, and says so.
                    await _rebuilder.RebuildAsync(_files, stripe, Parity(stripe), manifest: null, buffers, cancellationToken, _file.AcceptAsync).ConfigureAwait(false);
                }
            }
            catch (StoreException)
            {
                // A write that fails has ended the file's life; what can't be read, the assembler tells of.
                return;
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private IEnumerable<int> Uncoded(ChunkSet committed)
    {
        for (int stripe = 0; stripe < _file.Layout.StripeCount; stripe++)
            if (committed[0].Contains(stripe) && IsUncoded(stripe, committed.ShardsOf(stripe))) yield return stripe;
    }

    private bool IsUncoded(int stripe, ShardSet committed)
    {
        ShardSet parity = Parity(stripe);
        return !parity.Without(committed).IsEmpty && _file.Layout.ShardsOf(stripe).Without(parity).Without(committed).IsEmpty;
    }

    private ShardSet Parity(int stripe) => _file.Layout.ShardsOf(stripe).Without(ShardSet.FirstShards(_file.Layout.DataShards));
}
