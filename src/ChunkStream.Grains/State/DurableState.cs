using System.Data.Common;
using System.Diagnostics;
using ChunkStream.Abstractions;
using ChunkStream.Core.Failures;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ChunkStream.Grains.State;

/// <summary>
/// A grain's durable state: an immutable record that only changes by being written.
/// <para>
/// The order is always the same: build the next record from the current one, write it, and only then adopt it and tell whoever asked.
/// Nothing that a grain answers can therefore be ahead of what is in the database.
/// </para>
/// <para>
/// Never more than one write is under way. Changes that come meanwhile wait in a queue; when the write is done, all of them are
/// applied one after the other to what was just written, and share the next write. So a grain under load writes as often as the
/// database can, and each write carries whatever has come together: group commit, without a timer. A change sees the outcome of those
/// before it, and one that finds nothing to do costs no write.
/// </para>
/// <para>
/// A write that failed may still have taken effect: a timeout doesn't say. Only the database knows, so everyone who waits is told
/// that the store failed, the record stays the old one, and the activation ends. The next activation reads what is true.
/// </para>
/// <para>
/// Not thread-safe: it lives on its grain's scheduler. The grain should be reentrant, or there is nothing to share a write.
/// </para>
/// </summary>
/// <typeparam name="T">The record: immutable, and serialised with ids and an alias, so that old states still load.</typeparam>
internal sealed partial class DurableState<T>(string name, IGrainBase grain, IGrainStorage storage, WriteTurns turns, ILogger logger) where T : class
{
    private static readonly TimeSpan RetryReadAfter = TimeSpan.FromSeconds(1);

    /// <summary>What a change answers for which nothing is to remain in the database.</summary>
    public static Outcome<T> Nothing => new(null, FailureCode.None, null);

    private readonly List<PendingChange> _queue = [];
    private GrainState<T> _stored = new();
    private bool _writing;

    /// <summary>What is in the database; null where nothing has been written yet.</summary>
    public T? Value { get; private set; }

    /// <summary>Why this activation can't answer: its state couldn't be read, or a write failed. It is ending.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>
    /// Reads the state. Where that fails, <see cref="Failure"/> says so, this activation ends, and the next call tries again: one
    /// damaged state refuses its own grain and no other.
    /// </summary>
    public async Task LoadAsync()
    {
        try
        {
            GrainState<T> stored = new();
            await storage.ReadStateAsync(name, grain.GrainContext.GrainId, stored);
            _stored = stored;
            Value = stored.RecordExists ? stored.State : null;
        }
        catch (Exception exception)
        {
            LogUnreadable(logger, exception, name, grain.GrainContext.GrainId);
            Failure = IsOfDatabase(exception)
                ? new(FailureCode.StoreFailed, $"The stored {name} can't be read.")
                : new(FailureCode.StateDamaged, $"The stored {name} is damaged, or a newer program's. It is left as it is.");
            // Not at once: whoever is waiting for this activation is to be answered, not sent to the next one in circles.
            grain.RegisterGrainTimer(() => { grain.DeactivateOnIdle(); return Task.CompletedTask; }, RetryReadAfter, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Changes the state. The change is called with the current record, when its turn to be written has come, and answers the next
    /// one; or the very same, where there is nothing to change; or <see cref="Nothing"/>; or why it refuses. It must be quick, must not throw, and may be
    /// called on an activation that then fails to write.
    /// </summary>
    /// <returns>The record as this change made it, now durable; or null, cleared; or the change's refusal; or <c>store-failed</c>.</returns>
    public Task<Outcome<T>> UpdateAsync(Func<T?, Outcome<T>> change)
    {
        if (Failure is { } failure) return Task.FromResult<Outcome<T>>(failure);
        PendingChange pending = new(change);
        _queue.Add(pending);
        if (!_writing) WriteQueueAsync().Ignore();
        return pending.Task;
    }

    // What is left was read, and isn't what was written.
    private static bool IsOfDatabase(Exception? exception) =>
        exception is DbException or TimeoutException or IOException or OperationCanceledException or InvalidOperationException
        || (exception is not null && IsOfDatabase(exception.InnerException));

    private async Task WriteQueueAsync()
    {
        _writing = true;
        while (_queue.Count > 0)
        {
            PendingChange[] batch = [.. _queue];
            _queue.Clear();
            T? next = Value;
            foreach (PendingChange change in batch) change.Apply(ref next);
            if (!ReferenceEquals(next, Value) && Failure is null) await WriteAsync(next);
            foreach (PendingChange change in batch) change.Complete(Failure);
        }
        _writing = false;
    }

    private async Task WriteAsync(T? next)
    {
        // A copy of the tag, so that nothing of ours changes when the write fails.
        GrainState<T> stored = new(next!, _stored.ETag) { RecordExists = _stored.RecordExists };
        long started = Stopwatch.GetTimestamp();
        try
        {
            await turns.RunAsync(() => next is null
                ? storage.ClearStateAsync(name, grain.GrainContext.GrainId, stored)
                : storage.WriteStateAsync(name, grain.GrainContext.GrainId, stored));
            GrainMetrics.StateWritten(name, Stopwatch.GetElapsedTime(started));
            _stored = stored;
            Value = next;
        }
        catch (Exception exception)
        {
            LogWriteFailed(logger, exception, name, grain.GrainContext.GrainId);
            Failure = new(FailureCode.StoreFailed, $"The {name} couldn't be stored.");
            grain.DeactivateOnIdle();
        }
    }

    private sealed class PendingChange(Func<T?, Outcome<T>> change)
    {
        private readonly TaskCompletionSource<Outcome<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Outcome<T> _outcome;

        public Task<Outcome<T>> Task => _done.Task;

        public void Apply(ref T? state)
        {
            try
            {
                _outcome = change(state);
                if (_outcome.IsOk) state = _outcome.Value;
            }
            catch (Exception exception)
            {
                // A defect in one change must not take along those that share its write.
                _done.TrySetException(exception);
            }
        }

        public void Complete(Failure? failure) => _done.TrySetResult(failure is not null ? failure : _outcome);
    }
}
