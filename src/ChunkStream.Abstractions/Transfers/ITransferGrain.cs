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

    /// <summary>The opening again, with a fresh ticket: what a client resumes from.</summary>
    [Alias("Open")]
    Task<Outcome<TransferOpening>> OpenAsync(string owner);

    [Alias("Get")]
    Task<Outcome<TransferInfo>> GetAsync(string owner);

    /// <summary>The plan, for a gateway that has verified a ticket of this transfer.</summary>
    [Alias("GetPlan")]
    Task<Outcome<TransferPlan>> GetPlanAsync();

    [Alias("Pause")]
    Task<Outcome<TransferInfo>> PauseAsync(string owner);

    [Alias("Resume")]
    Task<Outcome<TransferInfo>> ResumeAsync(string owner);

    /// <summary>Ends the transfer as failed with the code <c>cancelled</c> and frees what it stored.</summary>
    [Alias("Cancel")]
    Task<Outcome<TransferInfo>> CancelAsync(string owner);

    /// <summary>
    /// The sender has nothing left to send and this is its file's hash; or the receiver has its file whole. Answers at once, in
    /// state Completing; the end is seen through <see cref="GetAsync"/>.
    /// </summary>
    [Alias("Complete")]
    Task<Outcome<TransferInfo>> CompleteAsync(string owner, Digest contentHash);

    /// <summary>The client gives up with this reason: its file changed, can't be read, or its disk is full.</summary>
    [Alias("Fail")]
    Task<Outcome<TransferInfo>> FailAsync(string owner, Core.Failures.FailureCode code, string message);
}
