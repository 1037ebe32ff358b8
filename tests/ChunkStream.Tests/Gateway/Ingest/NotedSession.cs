using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Layout;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>A session that notes what it is given to record.</summary>
internal sealed class NotedSession(IngestBench bench) : ISessionGrain
{
    /// <summary>What recording answers; may wait or throw.</summary>
    public Func<Task<Outcome<SessionStatus>>> OnRecord { get; set; } = Active;

    public async Task<Outcome<SessionStatus>> RecordCommittedAsync(ChunkSet chunks)
    {
        Outcome<SessionStatus> answer = await OnRecord();
        // As the real one: a session that has ended records nothing more.
        if (answer is { IsOk: true, Value: not (SessionStatus.Completed or SessionStatus.Failed) })
            bench.Events.Enqueue($"recorded {IngestBench.Name(chunks)}");
        return answer;
    }

    public void Heal() => OnRecord = Active;

    public Task<Outcome<SessionInfo>> OpenAsync(Guid transferId, FileLayout layout) => throw new NotSupportedException();

    public Task<Outcome<SessionInfo>> GetAsync() => throw new NotSupportedException();

    public Task<Outcome<bool>> ExistsAsync() => throw new NotSupportedException();

    public Task<Outcome<bool>> DeleteAsync() => throw new NotSupportedException();

    public Task<Outcome<SessionStatus>> RecordFailedAsync(ChunkSet chunks) => throw new NotSupportedException();

    public Task<Outcome<SessionInfo>> SetStatusAsync(SessionStatus status) => throw new NotSupportedException();

    private static Task<Outcome<SessionStatus>> Active() => Task.FromResult<Outcome<SessionStatus>>(SessionStatus.Active);
}
