namespace ChunkStream.Sdk;

/// <summary>Tries a command again while it fails for a reason that passes.</summary>
internal static class Patiently
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="ChunkStreamException">It failed for good, or went on failing for <paramref name="howLong"/>.</exception>
    public static async Task<TResult> TryAsync<TResult>(
        Func<CancellationToken, Task<TResult>> command, TimeSpan howLong, TimeProvider time, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await command(cancellationToken).ConfigureAwait(false);
            }
            catch (ChunkStreamException exception) when (exception.IsTransient && time.GetElapsedTime(startedAt) < howLong)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
