using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Transfers;

/// <summary>The session of a transfer that is being created: written while the transfer's creator asks for the rest.</summary>
internal sealed class NewSession
{
    private readonly ISessionGrain _session;
    private readonly Task<Outcome<SessionInfo>> _opened;

    public NewSession(IGrainFactory grains, Guid transferId, FileLayout layout, TimeProvider time)
    {
        (Id, Layout) = (Guid.CreateVersion7(time.GetUtcNow()), layout);
        _session = grains.GetGrain<ISessionGrain>(Id);
        _opened = _session.OpenAsync(transferId, layout);
    }

    public Guid Id { get; }

    public FileLayout Layout { get; }

    /// <summary>Waits until it is durable.</summary>
    public Task<Outcome<SessionInfo>> OpenedAsync() => _opened;

    /// <summary>There will be no transfer for it.</summary>
    public async Task DiscardAsync()
    {
        if ((await _opened).IsOk && (await _session.SetStatusAsync(SessionStatus.Failed)).IsOk) await _session.DeleteAsync();
    }
}
