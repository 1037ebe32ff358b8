namespace ChunkStream.Grains;

/// <summary>What a silo does by itself for as long as it is active. Its end is waited for when the silo stops.</summary>
internal abstract class SiloTask : ILifecycleParticipant<ISiloLifecycle>
{
    private Task _running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        CancellationTokenSource stopping = new();
        lifecycle.Subscribe(
            GetType().Name, ServiceLifecycleStage.Active,
            _ =>
            {
                _running = Task.Run(() => RunAsync(stopping.Token), CancellationToken.None);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await stopping.CancelAsync();
                await _running;
                stopping.Dispose();
            });
    }

    /// <summary>Runs until cancelled, and then returns; doesn't throw.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);
}
