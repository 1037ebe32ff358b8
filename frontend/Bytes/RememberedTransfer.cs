using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Bytes;

/// <summary>Passes every command on, and remembers which transfer was created, so that it can be given up.</summary>
internal sealed class RememberedTransfer(IControlPlane inner) : IControlPlane
{
    private static readonly TimeSpan GiveUpWithin = TimeSpan.FromSeconds(5);

    private Guid? _created;

    /// <summary>Cancels the transfer, if one was created. Best effort: it runs while another failure is on its way up.</summary>
    public async Task CancelAsync()
    {
        if (_created is not { } transferId) return;
        using var limit = new CancellationTokenSource(GiveUpWithin);
        try
        {
            await inner.CancelAsync(transferId, limit.Token);
        }
        catch (Exception exception) when (exception is ChunkStreamException or OperationCanceledException)
        {
            // The service can't be reached. The transfer stays unfinished, and is seen and cancelled in the listing.
        }
    }

    public async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken)
    {
        Opening opening = await inner.CreateTransferAsync(request, cancellationToken);
        _created = opening.Transfer.Id;
        return opening;
    }

    public Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken) => inner.OpenTransferAsync(transferId, cancellationToken);
    public Task<Transfer> GetTransferAsync(Guid transferId, CancellationToken cancellationToken) => inner.GetTransferAsync(transferId, cancellationToken);
    public Task<Page<Transfer>> ListTransfersAsync(TransferQuery query, CancellationToken cancellationToken) => inner.ListTransfersAsync(query, cancellationToken);
    public Task<Session> GetSessionAsync(Guid transferId, CancellationToken cancellationToken) => inner.GetSessionAsync(transferId, cancellationToken);
    public Task<Transfer> PauseAsync(Guid transferId, CancellationToken cancellationToken) => inner.PauseAsync(transferId, cancellationToken);
    public Task<Transfer> ResumeAsync(Guid transferId, CancellationToken cancellationToken) => inner.ResumeAsync(transferId, cancellationToken);
    public Task<Transfer> CancelAsync(Guid transferId, CancellationToken cancellationToken) => inner.CancelAsync(transferId, cancellationToken);
    public Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken) => inner.CompleteAsync(transferId, blake3, cancellationToken);
    public Task<Transfer> FailAsync(Guid transferId, Failure failure, CancellationToken cancellationToken) => inner.FailAsync(transferId, failure, cancellationToken);
    public Task<StoredFile> GetFileAsync(Guid fileId, CancellationToken cancellationToken) => inner.GetFileAsync(fileId, cancellationToken);
    public Task<Page<StoredFile>> ListFilesAsync(Guid? after, int limit, CancellationToken cancellationToken) => inner.ListFilesAsync(after, limit, cancellationToken);
    public Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken) => inner.OpenFileAsync(fileId, cancellationToken);
    public Task DeleteFileAsync(Guid fileId, CancellationToken cancellationToken) => inner.DeleteFileAsync(fileId, cancellationToken);
    public Task<VerifyReport> VerifyFileAsync(Guid fileId, CancellationToken cancellationToken) => inner.VerifyFileAsync(fileId, cancellationToken);
    public Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken) => inner.ReportPathAsync(report, cancellationToken);
    public Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken) => inner.ListPathsAsync(cancellationToken);
    public Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken) => inner.ListGatewaysAsync(cancellationToken);
}
