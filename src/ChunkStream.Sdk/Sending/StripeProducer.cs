using System.Threading.Channels;
using ChunkStream.Core.Erasure;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Sending;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Sdk.Sending;

/// <summary>
/// Step 2 of 8, code and hash. From <see cref="FileLayout"/>, to <see cref="ChunkDispatcher{T}"/>. Reads the file once, in order, one
/// stripe ahead of the coder; codes each stripe's parity and hashes its chunks while they are warm in cache; merges the file's hash on
/// the same pass. What a gateway lost later is read and coded again.
/// </summary>
internal sealed class StripeProducer : IDisposable
{
    // What is accepted and not committed is remembered by 32 bytes a chunk: 1,024 stripes of 13 are 416 KiB.
    private const int MaxOpenStripes = 1024;

    private readonly FileLayout _layout;
    private readonly FileSource _source;
    private readonly SendLedger _ledger;
    private readonly ChunkDispatcher<ChunkBuffer> _dispatcher;
    private readonly ReedSolomon _coder;
    private readonly ChunkBufferPool _buffers;
    private readonly ParityMode _parity;
    private readonly Dictionary<int, Digest[]> _hashes = [];
    private readonly Channel<IReadOnlyList<ChunkIndex>> _lost = Channel.CreateUnbounded<IReadOnlyList<ChunkIndex>>();

    public StripeProducer(
        FileLayout layout, FileSource source, SendLedger ledger, ChunkDispatcher<ChunkBuffer> dispatcher, ParityMode parity, int windowMiB)
    {
        (_layout, _source, _ledger, _dispatcher, _parity) = (layout, source, ledger, dispatcher, parity);
        _coder = ReedSolomon.Create(layout.DataShards, layout.ParityShards);
        // Two stripes at the least, so that one is read while the other is coded; a small file needs no more than it has.
        long wanted = Math.Max(windowMiB * 1024L * 1024 / layout.ChunkBytes, 2L * layout.ShardCount);
        _buffers = new(layout.ChunkBytes, (int)Math.Min(wanted, Math.Max(layout.ChunkCount, 2L * layout.ShardCount)));
    }

    /// <summary>These chunks are made and sent again: a gateway lost or refused them, or they are late on their path.</summary>
    public void SendAgain(IReadOnlyList<ChunkIndex> chunks)
    {
        if (chunks.Count > 0) _lost.Writer.TryWrite(chunks);
    }

    /// <summary>Puts every chunk that isn't committed in line, and answers the file's hash as soon as it is known.</summary>
    public async Task<Digest> ProduceAsync(CancellationToken cancellationToken)
    {
        if (_layout.IsEmpty) return Blake3.Hash([]);
        var merger = new SubtreeMerger(_layout.SizeBytes, _layout.ChunkBytes);
        Task<ChunkBuffer[]> reading = ReadStripeAsync(0, cancellationToken);
        for (int stripe = 0; stripe < _layout.StripeCount; stripe++)
        {
            ChunkBuffer[] data = await reading.ConfigureAwait(false);
            await SendLostAsync(cancellationToken).ConfigureAwait(false);
            await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            // The next stripe is read while this one is hashed and coded.
            if (stripe + 1 < _layout.StripeCount) reading = ReadStripeAsync(stripe + 1, cancellationToken);
            Digest[] hashes = new Digest[_layout.ShardCount];
            foreach (ChunkBuffer chunk in data)
            {
                hashes[chunk.Index.Shard] = ChunkHash.Of(_layout, chunk.Index, chunk.Payload.Span);
                merger.Add((long)stripe * _layout.DataShards + chunk.Index.Shard, hashes[chunk.Index.Shard]);
            }
            Remember(stripe, hashes);
            ShardSet wanted = _ledger.Begin(stripe);
            if (_parity == ParityMode.Adaptive) WithholdParity(stripe, ref wanted);
            await CodeAndPutAsync(stripe, data, wanted, hashes, urgent: false, cancellationToken).ConfigureAwait(false);
        }
        _source.CheckUnchanged();
        return merger.Root();
    }

    /// <summary>After <see cref="ProduceAsync"/>: goes on making again what gateways lose, until cancelled.</summary>
    public async Task ServeLossesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _lost.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            await SendLostAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _buffers.Dispose();

    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        // Losses are served while waiting: room may come only from them.
        while (true)
        {
            Task room = _ledger.WaitForRoomAsync(MaxOpenStripes, cancellationToken).AsTask();
            if (room.IsCompleted)
            {
                await room.ConfigureAwait(false);
                return;
            }
            await Task.WhenAny(room, _lost.Reader.WaitToReadAsync(cancellationToken).AsTask()).ConfigureAwait(false);
            await SendLostAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // In adaptive mode parity crosses in place of late chunks only: the gateway codes it at rest.
    private void WithholdParity(int stripe, ref ShardSet wanted)
    {
        foreach (int shard in wanted.Without(ShardSet.FirstShards(_layout.DataShards))) _ledger.Withhold(new(stripe, shard));
        wanted = wanted.And(ShardSet.FirstShards(_layout.DataShards));
    }

    private async Task<ChunkBuffer[]> ReadStripeAsync(int stripe, CancellationToken cancellationToken)
    {
        var data = new ChunkBuffer[_layout.DataChunksOf(stripe)];
        for (int shard = 0; shard < data.Length; shard++)
        {
            ChunkIndex index = new(stripe, shard);
            data[shard] = (await _buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, _layout.LengthOf(index));
        }
        await _source.ReadAsync(_layout.DataRangeOf(stripe).OffsetBytes, [.. data.Select(chunk => chunk.Payload)], cancellationToken).ConfigureAwait(false);
        return data;
    }

    private async ValueTask CodeAndPutAsync(
        int stripe, ChunkBuffer[] data, ShardSet wanted, Digest[] hashes, bool urgent, CancellationToken cancellationToken)
    {
        ShardSet wantedParity = wanted.Without(ShardSet.FirstShards(_layout.DataShards));
        var parity = new ChunkBuffer?[_layout.ParityShards];
        if (!wantedParity.IsEmpty)
        {
            for (int row = 0; row < parity.Length; row++)
            {
                ChunkIndex index = new(stripe, _layout.DataShards + row);
                parity[row] = (await _buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, _layout.LengthOf(index));
            }
            Encode(data, parity!);
            foreach (ChunkBuffer? chunk in parity) hashes[chunk!.Index.Shard] = ChunkHash.Of(_layout, chunk.Index, chunk.Payload.Span);
        }
        foreach (ChunkBuffer chunk in data.Concat(parity.OfType<ChunkBuffer>()))
        {
            if (!wanted.Contains(chunk.Index.Shard))
            {
                chunk.Dispose();
                continue;
            }
            chunk.Seal(hashes[chunk.Index.Shard]);
            _dispatcher.Put(chunk, chunk.LengthBytes, urgent);
        }
    }

    private void Encode(ChunkBuffer[] data, ChunkBuffer[] parity)
    {
        // Data chunks past the end of the file count as zeros, and so do the bytes past a short chunk's end.
        var from = new ReadOnlyMemory<byte>[_layout.DataShards];
        for (int shard = 0; shard < data.Length; shard++) from[shard] = data[shard].Payload;
        var to = new Memory<byte>[parity.Length];
        for (int row = 0; row < parity.Length; row++) to[row] = parity[row].Payload;
        _coder.Encode(from, to);
    }

    private async ValueTask SendLostAsync(CancellationToken cancellationToken)
    {
        while (_lost.Reader.TryRead(out IReadOnlyList<ChunkIndex>? chunks))
        {
            foreach (var stripe in chunks.Where(_ledger.IsWanted).GroupBy(chunk => chunk.Stripe))
            {
                ShardSet wanted = ShardSet.Empty;
                foreach (ChunkIndex chunk in stripe) wanted = wanted.With(chunk.Shard);
                ChunkBuffer[] data = await ReadStripeAsync(stripe.Key, cancellationToken).ConfigureAwait(false);
                Digest[] hashes = new Digest[_layout.ShardCount];
                foreach (ChunkBuffer chunk in data) hashes[chunk.Index.Shard] = ChunkHash.Of(_layout, chunk.Index, chunk.Payload.Span);
                if (_hashes.TryGetValue(stripe.Key, out Digest[]? before) && !hashes.AsSpan(0, data.Length).SequenceEqual(before.AsSpan(0, data.Length)))
                    throw _source.Changed($"stripe {stripe.Key} reads differently the second time");
                await CodeAndPutAsync(stripe.Key, data, wanted, hashes, urgent: true, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Remember(int stripe, Digest[] hashes)
    {
        if (stripe % 256 == 0)
            foreach (int closed in _hashes.Keys.Where(number => !_ledger.IsOpen(number)).ToArray()) _hashes.Remove(closed);
        _hashes[stripe] = hashes;
    }
}
