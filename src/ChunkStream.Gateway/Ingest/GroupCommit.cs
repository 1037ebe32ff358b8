using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Ingest;

/// <summary>
/// Step 7 of 8, commit. From <see cref="IncomingFile"/>, to <see cref="Assembly.FileAssembler"/>. Gathers accepted chunks into groups,
/// by time and by bytes, and for each group in this order: flushes it to disk, <b>then</b> has the session grain record it, <b>then</b>
/// has the lanes told. One group at a time; docs/durability.md argues the order.
/// </summary>
internal sealed partial class GroupCommit : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IncomingFile _file;
    private readonly IShardFiles _files;
    private readonly ISessionGrain _session;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<GroupCommit> _logger;
    private readonly TimeSpan _interval;
    private readonly long _groupBytes;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private ChunkSet _group;
    private long _groupedBytes, _unflushedBytes, _groupStartedAt;
    private bool _hurry;
    private TaskCompletionSource? _committed;

    public GroupCommit(
        IncomingFile file, IShardFiles files, ISessionGrain session, GatewayOptions options, GatewayMetrics metrics, TimeProvider time,
        ILogger<GroupCommit> logger)
    {
        (_file, _files, _session, _metrics, _time, _logger) = (file, files, session, metrics, time, logger);
        _interval = options.CommitInterval;
        _groupBytes = options.CommitMiB * 1024L * 1024;
        _group = new(file.Layout.ShardCount);
        _running = RunAsync();
    }

    /// <summary>Waits while four groups' bytes are written and not flushed: a disk slower than the network slows the network down.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _unflushedBytes) > 4 * _groupBytes)
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref _unflushedBytes) <= 4 * _groupBytes) Release(_room);
        }
    }

    /// <summary>Adds a written chunk to the group.</summary>
    public void Add(ChunkIndex index, int lengthBytes)
    {
        lock (_lock)
        {
            if (_groupedBytes == 0) _groupStartedAt = _time.GetTimestamp();
            _group.Add(index);
            _groupedBytes += lengthBytes;
            Interlocked.Add(ref _unflushedBytes, lengthBytes);
            if (_groupedBytes == lengthBytes || _groupedBytes >= _groupBytes) Release(_wake);
        }
    }

    /// <summary>Commits the group that there is without waiting for more.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            _hurry = true;
            Release(_wake);
        }
    }

    /// <summary>Commits everything that was added before this call.</summary>
    public Task CommitAllAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_unflushedBytes == 0) return Task.CompletedTask;
            _committed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            _hurry = true;
            Release(_wake);
            return _committed.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_stopping.Token).ConfigureAwait(false);
                await WaitForGroupAsync(_stopping.Token).ConfigureAwait(false);
                await CommitGroupAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Fail(new(FailureCode.ShuttingDown, "The gateway has let go of this file."));
        }
        catch (StoreException exception)
        {
            Fail(new(exception.Code, exception.Message));
        }
#pragma warning disable CA1031 // Recording goes through Orleans, which may throw anything; each of them means: not recorded.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotRecorded(exception);
            Fail(new(FailureCode.Internal, "Committed chunks could not be recorded: " + exception.Message));
        }
    }

    // The first chunk of a group has come: gives others the interval to join it.
    private async Task WaitForGroupAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan left;
            lock (_lock)
            {
                if (_hurry || _groupedBytes >= _groupBytes) return;
                left = _groupedBytes == 0 ? TimeSpan.Zero : _interval - _time.GetElapsedTime(_groupStartedAt);
            }
            if (left <= TimeSpan.Zero) return;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task woken = _wake.WaitAsync(waiting.Token);
            if (await Task.WhenAny(woken, Task.Delay(left, _time, cancellationToken)).ConfigureAwait(false) == woken) continue;
            await waiting.CancelAsync().ConfigureAwait(false);
            await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Taken after all: its sign is not to be lost.
            if (woken.IsCompletedSuccessfully) Release(_wake);
        }
    }

    private async Task CommitGroupAsync(CancellationToken cancellationToken)
    {
        ChunkSet group;
        long bytes, startedAt;
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            (group, bytes, startedAt, waiting) = (_group, _groupedBytes, _groupStartedAt, _committed);
            (_group, _groupedBytes, _hurry, _committed) = (new(_file.Layout.ShardCount), 0, false, null);
        }
        try
        {
            if (bytes > 0) await CommitGroupAsync(group, bytes, startedAt, cancellationToken).ConfigureAwait(false);
            waiting?.TrySetResult();
        }
        catch (Exception exception)
        {
            waiting?.TrySetException(exception as StoreException ?? new StoreException(FailureCode.Internal, "It could not be committed: " + exception.Message, exception));
            throw;
        }
    }

    private async Task CommitGroupAsync(ChunkSet group, long bytes, long startedAt, CancellationToken cancellationToken)
    {
        // 1. On disk. 2. Recorded. 3. Told.
        await _files.FlushAsync(cancellationToken).ConfigureAwait(false);
        Outcome<SessionStatus> recorded = await _session.RecordCommittedAsync(group).ConfigureAwait(false);
        if (recorded.Failure is { } failure) throw new StoreException(failure.Code, failure.Message);
        // A session that has ended records no more, so there is nothing to tell.
        if (recorded.Value is SessionStatus.Completed or SessionStatus.Failed)
            throw new StoreException(FailureCode.TransferNotOpen, "The transfer has ended.");
        _file.Committed(group);

        Interlocked.Add(ref _unflushedBytes, -bytes);
        Release(_room);
        _metrics.Committed(_time.GetElapsedTime(startedAt));
        LogCommitted(group.Count, bytes, _time.GetElapsedTime(startedAt).TotalMilliseconds);
        if (recorded.Value is SessionStatus.Paused) _file.Close(new(FailureCode.Paused, "The transfer is paused."));
    }

    private void Fail(Failure failure)
    {
        _file.Close(failure);
        lock (_lock) _committed?.TrySetException(new StoreException(failure.Code, failure.Message));
    }

    private static void Release(SemaphoreSlim signal)
    {
        if (signal.CurrentCount == 0)
        {
            try
            {
                signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another gave the same sign.
            }
        }
    }
}
