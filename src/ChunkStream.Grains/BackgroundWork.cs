using ChunkStream.Core.Failures;

namespace ChunkStream.Grains;

/// <summary>
/// A grain's work that no caller waits for: steps that are tried until they are done, with a growing pause after one that failed. One
/// step at a time, on the grain's scheduler. What there is to do is in the grain's durable state, so a restart only starts it again.
/// </summary>
/// <param name="hasWork">Whether there is anything left to do.</param>
/// <param name="step">Does some of it and answers null, or what kept it from that. Its token is cancelled when the work is to stop, or to look again at what is to be done.</param>
/// <param name="onProblem">Is told why a step failed, and when the next try comes.</param>
internal sealed class BackgroundWork(
    Func<bool> hasWork, Func<CancellationToken, Task<Failure?>> step, Action<Failure, Exception?, TimeSpan> onProblem, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private CancellationTokenSource _current = new();
    private bool _running;
    private bool _stopped;

    /// <summary>Starts the work where there is some and it isn't under way.</summary>
    public void Start()
    {
        if (_running || _stopped || !hasWork()) return;
        _running = true;
        RunAsync().Ignore();
    }

    /// <summary>Has the step that is under way give up, or the pause end, and looks again at what is to be done.</summary>
    public void Restart()
    {
        if (_stopped) return;
        CancellationTokenSource interrupted = _current;
        _current = new();
        interrupted.Cancel();
        interrupted.Dispose();
        Start();
    }

    /// <summary>Ends the work: the activation ends.</summary>
    public void Dispose()
    {
        if (_stopped) return;
        _stopped = true;
        _current.Cancel();
        _current.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan pause = FirstPause;
        while (!_stopped && hasWork())
        {
            CancellationToken cancellation = _current.Token;
            Failure? problem;
            Exception? cause = null;
            try
            {
                problem = await step(cancellation);
            }
            catch (Exception exception)
            {
                problem = new(FailureCode.Internal, exception.Message);
                cause = exception;
            }
            if (cancellation.IsCancellationRequested || problem is null)
            {
                pause = FirstPause;
                continue;
            }
            onProblem(problem, cause, pause);
            // Ends early where the work is restarted or stopped.
            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
        _running = false;
    }
}
