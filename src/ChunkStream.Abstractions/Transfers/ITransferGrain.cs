using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Abstractions.Transfers;

/// <summary>
/// The sending or receiving of one file: its plan and its state machine. Keyed by the transfer's id. Every command may come twice.
/// A command by another than the owner is answered as if the transfer didn't exist.
/// </summary>
[Alias("chunkstream.ITransferGrain")]
public interface ITransferGrain : IGrainWithGuidKey
{
    /// <summary>Creates the transfer, chooses homes, opens its session, and answers what the client needs to start.</summary>
    [Alias("Create")]
    Task<Outcome<TransferOpening>> CreateAsync(TransferRequest request);

    /// <summary>
    /// The opening again, with a fresh ticket: what a client resumes from. A transfer that the network stopped goes on by this; one
    /// that its owner paused waits for <see cref="ResumeAsync"/>. One that has ended answers <c>transfer-not-open</c>.
    /// </summary>
    [Alias("Open")]
    Task<Outcome<TransferOpening>> OpenAsync(string owner);

    [Alias("Get")]
    Task<Outcome<TransferInfo>> GetAsync(string owner);

    /// <summary>
    /// The transfer's durable progress: which chunks are committed, have failed and remain, and whether it can be resumed, or why not.
    /// </summary>
    [Alias("GetSession")]
    Task<Outcome<SessionInfo>> GetSessionAsync(string owner);

    /// <summary>
    /// For a gateway that has verified a ticket of this transfer and is about to open its first lane, by which a transfer that the
    /// network stopped goes on: what the gateway needs to know, or why no lane may open: <c>paused</c>, <c>not-ready</c> while preparing, <c>transfer-not-open</c> from Completing on, <c>not-found</c>.
    /// </summary>
    [Alias("Admit")]
    Task<Outcome<TransferAdmission>> AdmitAsync();

    /// <summary>
    /// A gateway has lost the transfer's last lane, and neither side had ended it. A transfer that moves chunks is paused until a lane
    /// is admitted or its client opens it again. Answers the state.
    /// </summary>
    [Alias("NetworkFailed")]
    Task<Outcome<TransferState>> NetworkFailedAsync(Core.Failures.FailureCode code, string message);

    [Alias("Pause")]
    Task<Outcome<TransferInfo>> PauseAsync(string owner);

    [Alias("Resume")]
    Task<Outcome<TransferInfo>> ResumeAsync(string owner);

    /// <summary>
    /// Changes how much of the bandwidth the transfer gets beside others; lanes that are open learn of it. One that has ended answers
    /// <c>transfer-not-open</c>.
    /// </summary>
    [Alias("SetPriority")]
    Task<Outcome<TransferInfo>> SetPriorityAsync(string owner, TransferPriority priority);

    /// <summary>Ends the transfer as failed with the code <c>cancelled</c> and frees what it stored.</summary>
    [Alias("Cancel")]
    Task<Outcome<TransferInfo>> CancelAsync(string owner);

    /// <summary>
    /// The sender has nothing left to send and this is its file's hash; or the receiver has its file whole. Answers at once, in
    /// state Completing; the end is seen through <see cref="GetAsync"/>.
    /// </summary>
    [Alias("Complete")]
    Task<Outcome<TransferInfo>> CompleteAsync(string owner, Digest contentHash);

    /// <summary>
    /// The client gives up with this reason: its file changed, can't be read, or its disk is full. Where a path is to blame
    /// (<see cref="Core.Failures.Blame.Path"/>), the transfer is only paused and goes on when it is opened again.
    /// </summary>
    [Alias("Fail")]
    Task<Outcome<TransferInfo>> FailAsync(string owner, Core.Failures.FailureCode code, string message);

    /// <summary>
    /// Forgets a transfer that has ended, with its session and its place in listings. A file that it sent stays. One that hasn't ended
    /// answers <c>conflict</c>; one that is just being tidied up, <c>not-ready</c>.
    /// </summary>
    [Alias("Delete")]
    Task<Outcome<TransferInfo>> DeleteAsync(string owner);
}
