namespace ChunkStream.Storage.Local;

/// <summary>
/// Runs one flush at a time and lets callers share them. A flush that runs already may have passed a caller's writes, so who comes
/// during one waits for the next, together with all others who came meanwhile.
/// </summary>
internal sealed class SharedFlush(Func<Task> flush)
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>A flush that begins after this call.</summary>
    public Task RunAsync()
    {
        lock (_gate)
        {
            if (_next is not null) return _next;
            if (_running.IsCompleted) return _running = Task.Run(flush);
            return _next = _running.ContinueWith(_ => RunNextAsync(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
        }
    }

    /// <summary>Returns when no flush runs, however the last one ended.</summary>
    public async Task WhenIdleAsync()
    {
        while (true)
        {
            Task last;
            lock (_gate) last = _next ?? _running;
            if (last.IsCompleted) return;
            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task RunNextAsync()
    {
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }
        return flush();
    }
}
