using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>
/// The commands of the service, for one owner. Over HTTP in the SDK, over grains in the frontend. Every command may be sent twice.
/// </summary>
/// <remarks>Each call throws <see cref="ChunkStreamException"/> with the service's code where the service refuses.</remarks>
public interface IControlPlane
{
    /// <summary>How long a round trip to the service takes, as its connection showed; null where that isn't known yet.</summary>
    TimeSpan? RoundTrip => null;

    Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken);

    /// <summary>The opening of a transfer that exists, with a fresh ticket and what is committed by now.</summary>
    Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken);

    Task<Transfer> GetTransferAsync(Guid transferId, CancellationToken cancellationToken);

    Task<Page<Transfer>> ListTransfersAsync(TransferQuery query, CancellationToken cancellationToken);

    Task<Session> GetSessionAsync(Guid transferId, CancellationToken cancellationToken);

    Task<Transfer> PauseAsync(Guid transferId, CancellationToken cancellationToken);

    Task<Transfer> ResumeAsync(Guid transferId, CancellationToken cancellationToken);

    /// <summary>Changes how much of the bandwidth a transfer that hasn't ended gets beside others.</summary>
    Task<Transfer> SetPriorityAsync(Guid transferId, TransferPriority priority, CancellationToken cancellationToken);

    Task<Transfer> CancelAsync(Guid transferId, CancellationToken cancellationToken);

    /// <summary>The client has sent all of its chunks (or has received its file), and this is the file's BLAKE3.</summary>
    Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken);

    /// <summary>The client gives the transfer up for this reason.</summary>
    Task<Transfer> FailAsync(Guid transferId, Failure failure, CancellationToken cancellationToken);

    /// <summary>Forgets a transfer that has ended, with its session. A file that it sent stays.</summary>
    Task DeleteTransferAsync(Guid transferId, CancellationToken cancellationToken);

    Task<StoredFile> GetFileAsync(Guid fileId, CancellationToken cancellationToken);

    Task<Page<StoredFile>> ListFilesAsync(FileQuery query, CancellationToken cancellationToken);

    /// <summary>What is needed to read a file's chunks without a transfer: the opening's transfer is one that was never created.</summary>
    Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken);

    Task DeleteFileAsync(Guid fileId, CancellationToken cancellationToken);

    /// <summary>Has the service read and verify a file's manifest and every chunk, rebuild what is bad, and record the check.</summary>
    Task<VerifyReport> VerifyFileAsync(Guid fileId, CancellationToken cancellationToken);

    /// <summary>The verifications of a file that were made last, newest first: at most 16.</summary>
    Task<IReadOnlyList<IntegrityCheck>> ListChecksAsync(Guid fileId, CancellationToken cancellationToken);

    Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken);

    Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken);
}
