namespace ChunkStream.Grains.State;

/// <summary>
/// Lets only so many writers at the database at once, in the order in which they came.
/// <para>
/// SQLite has one writer at a time, and one that finds the database busy sleeps and looks again: under load writers overtake one
/// another, and the unlucky ones wait for seconds. Standing in line costs nothing and is fair. A database with its own lock manager
/// takes as many writers as it has connections.
/// </para>
/// </summary>
/// <param name="writers">How many write at once, 1 or more.</param>
public sealed class WriteTurns(int writers) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(writers);

    /// <summary>
    /// Does the write when its turn has come; on the thread pool, so that no busy grain keeps its turn, and no grain waits for a driver that is
    /// synchronous underneath, as SQLite's is.
    /// </summary>
    public async Task RunAsync(Func<Task> write)
    {
        await _turns.WaitAsync().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await write().ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
