using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Grains.Sessions;

/// <summary>A session's status follows from its transfer's state.</summary>
internal static class SessionStatuses
{
    public static SessionStatus Of(TransferState state) => state switch
    {
        TransferState.Idle or TransferState.Preparing => SessionStatus.Initializing,
        TransferState.Paused => SessionStatus.Paused,
        TransferState.Completed => SessionStatus.Completed,
        TransferState.Failed => SessionStatus.Failed,
        _ => SessionStatus.Active,
    };

    /// <summary>The states of transfers whose session has this status; null: any.</summary>
    public static IEnumerable<TransferState> StatesOf(SessionStatus? status) =>
        Enum.GetValues<TransferState>().Where(state => status is null || Of(state) == status);
}
