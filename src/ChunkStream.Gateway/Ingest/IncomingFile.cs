using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Storage;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Ingest;

/// <summary>
/// Step 6 of 8, store. From <see cref="Receiving.ReceivingLanes"/>, to <see cref="GroupCommit"/>. A file that is being sent: its shard
/// files and which of its chunks are where between arrival and record. Thread-safe.
/// <para>
/// One object is one life of the file at this gateway. When anything fails that chunks were trusted to (a write, a flush, a record),
/// the life ends and its uncommitted chunks with it; senders see another <see cref="Incarnation"/> when they come back, and send
/// those again.
/// </para>
/// </summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    // A sender that sends nothing but wrong chunks isn't remembered beyond this: 40 bytes each.
    private const int MaxRefusedChunks = 1024;

    private readonly Lock _lock = new();
    private readonly ChunkSet _committed;
    private readonly ChunkSet _accepted;
    private readonly Dictionary<ChunkIndex, Task> _writing = [];
    private readonly Dictionary<ChunkIndex, int> _refusals = [];
    private readonly HashSet<LaneOutbox> _lanes = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly IShardFiles _files;
    private readonly GroupCommit _commit;
    private readonly ISessionGrain _session;
    private readonly ParityAtRest? _parity;
    private Failure? _closedBecause;
    private int _disposed;

    public IncomingFile(
        TransferPlan plan, ChunkSet committed, IShardFiles files, ISessionGrain session, GatewayOptions options, GatewayMetrics metrics,
        TimeProvider time, ILogger<GroupCommit> logger, Func<IncomingFile, ParityAtRest>? parityAtRest = null)
    {
        Plan = plan;
        _committed = committed;
        _accepted = committed.Clone();
        (_files, _session) = (files, session);
        _commit = new(this, files, session, options, metrics, time, logger);
        _parity = parityAtRest?.Invoke(this);
    }

    public TransferPlan Plan { get; }

    public FileLayout Layout => Plan.Layout;

    /// <summary>How much of the bandwidth the transfer gets beside others, as its owner last said.</summary>
    public TransferPriority Priority { get; set; } = TransferPriority.Normal;

    /// <summary>Names this life of the file.</summary>
    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>Cancelled when this life ends: no lane may go on.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why this life ended, once it has.</summary>
    public Failure? ClosedBecause => Volatile.Read(ref _closedBecause);

    /// <summary>Adds a lane that hears of commits from now on, and answers what is committed by now.</summary>
    public ChunkSet Remember(LaneOutbox lane)
    {
        lock (_lock)
        {
            _lanes.Add(lane);
            return _committed.Clone();
        }
    }

    public void Forget(LaneOutbox lane)
    {
        lock (_lock) _lanes.Remove(lane);
    }

    /// <summary>
    /// Writes a verified chunk at its place. When this returns, the bytes are written and the chunk waits for its group's commit; a
    /// chunk that was here before changes nothing.
    /// </summary>
    public async ValueTask AcceptAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            Task? other;
            lock (_lock)
            {
                if (_accepted.Contains(index)) return;
                if (!_writing.TryGetValue(index, out other)) _writing.Add(index, written.Task);
            }
            if (other is null) break;
            // Another lane writes it. Where that one goes before it has, this one does it.
            await other.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (ClosedBecause is not null) throw new OperationCanceledException("The file was closed.");
        }

        try
        {
            await _commit.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            await _files.WriteAsync(index, hash, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (exception is StoreException failure) Close(new(failure.Code, failure.Message));
            lock (_lock) _writing.Remove(index);
            written.SetCanceled(CancellationToken.None);
            throw;
        }
        lock (_lock)
        {
            _writing.Remove(index);
            _accepted.Add(index);
            _commit.Add(index, bytes.Length);
            // There is nothing more to come: the sender needn't say so across a long way.
            if (Plan.Parity == ParityMode.Adaptive ? _accepted.HasAllData(Layout) : _accepted.Count == Layout.ChunkCount) _commit.Hurry();
        }
        written.SetResult();
    }

    /// <summary>
    /// A chunk came whose bytes aren't what its hash says. With as many refusals as a sender has attempts, the session keeps it as failed,
    /// until it is committed all the same.
    /// </summary>
    public async ValueTask RefuseAsync(ChunkIndex index)
    {
        lock (_lock)
        {
            if (_refusals.Count >= MaxRefusedChunks && !_refusals.ContainsKey(index)) return;
            if ((_refusals[index] = _refusals.GetValueOrDefault(index) + 1) != Backoff.ForChunk.MaxAttempts) return;
        }
        var failed = new ChunkSet(Layout.ShardCount);
        failed.Add(index);
        try
        {
            await _session.RecordFailedAsync(failed).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Orleans may throw anything; what isn't recorded is only less to tell: the chunk isn't there either way.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>The sender has nothing more for now: what is accepted is committed without waiting for more.</summary>
    public void CommitSoon() => _commit.Hurry();

    /// <summary>Commits what is accepted and answers when that is done.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => _commit.CommitAllAsync(cancellationToken);

    /// <summary>These chunks are durable and recorded: tells every lane.</summary>
    public void Committed(ChunkSet chunks)
    {
        List<LaneOutbox> lanes;
        lock (_lock)
        {
            _committed.Add(chunks);
            _parity?.Committed(chunks, _committed);
            lanes = [.. _lanes];
        }
        foreach (byte[] body in Protocol.Frames.CommittedBody.Write(chunks))
            foreach (LaneOutbox lane in lanes)
                lane.TryPost(Protocol.Frames.FrameHeader.Of(Protocol.Frames.FrameType.Committed, body.Length), body);
    }

    /// <summary>Ends this life for that reason. The first reason stands.</summary>
    public void Close(Failure reason)
    {
        if (Interlocked.CompareExchange(ref _closedBecause, reason, null) is not null) return;
        // On the pool, so that no lane's code runs inside of the caller's.
        _ = Task.Run(_closed.Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        Close(new(FailureCode.ShuttingDown, "The gateway has let go of this file."));
        if (_parity is not null) await _parity.DisposeAsync().ConfigureAwait(false);
        await _commit.DisposeAsync().ConfigureAwait(false);
        await _files.DisposeAsync().ConfigureAwait(false);
    }
}
