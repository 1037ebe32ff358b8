using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>Passes every command on to another control plane. For those who want to see or change one of them.</summary>
public abstract class DelegatingControlPlane(IControlPlane inner) : IControlPlane
{
    protected IControlPlane Inner { get; } = inner;

    public virtual TimeSpan? RoundTrip => Inner.RoundTrip;

    public virtual Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken) =>
        Inner.CreateTransferAsync(request, cancellationToken);

    public virtual Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.OpenTransferAsync(transferId, cancellationToken);

    public virtual Task<Transfer> GetTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.GetTransferAsync(transferId, cancellationToken);

    public virtual Task<Page<Transfer>> ListTransfersAsync(TransferQuery query, CancellationToken cancellationToken) =>
        Inner.ListTransfersAsync(query, cancellationToken);

    public virtual Task<Session> GetSessionAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.GetSessionAsync(transferId, cancellationToken);

    public virtual Task<Transfer> PauseAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.PauseAsync(transferId, cancellationToken);

    public virtual Task<Transfer> ResumeAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.ResumeAsync(transferId, cancellationToken);

    public virtual Task<Transfer> SetPriorityAsync(Guid transferId, TransferPriority priority, CancellationToken cancellationToken) =>
        Inner.SetPriorityAsync(transferId, priority, cancellationToken);

    public virtual Task<Transfer> CancelAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.CancelAsync(transferId, cancellationToken);

    public virtual Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken) =>
        Inner.CompleteAsync(transferId, blake3, cancellationToken);

    public virtual Task<Transfer> FailAsync(Guid transferId, Failure failure, CancellationToken cancellationToken) =>
        Inner.FailAsync(transferId, failure, cancellationToken);

    public virtual Task DeleteTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Inner.DeleteTransferAsync(transferId, cancellationToken);

    public virtual Task<StoredFile> GetFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Inner.GetFileAsync(fileId, cancellationToken);

    public virtual Task<Page<StoredFile>> ListFilesAsync(FileQuery query, CancellationToken cancellationToken) =>
        Inner.ListFilesAsync(query, cancellationToken);

    public virtual Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Inner.OpenFileAsync(fileId, cancellationToken);

    public virtual Task DeleteFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Inner.DeleteFileAsync(fileId, cancellationToken);

    public virtual Task<VerifyReport> VerifyFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Inner.VerifyFileAsync(fileId, cancellationToken);

    public virtual Task<IReadOnlyList<IntegrityCheck>> ListChecksAsync(Guid fileId, CancellationToken cancellationToken) =>
        Inner.ListChecksAsync(fileId, cancellationToken);

    public virtual Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken) =>
        Inner.ReportPathAsync(report, cancellationToken);

    public virtual Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken) =>
        Inner.ListPathsAsync(cancellationToken);

    public virtual Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken) =>
        Inner.ListGatewaysAsync(cancellationToken);
}
