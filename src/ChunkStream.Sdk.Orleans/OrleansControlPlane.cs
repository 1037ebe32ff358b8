using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk.Orleans;

/// <summary>
/// The service's commands over grains, for one owner: what the frontend speaks, and what a program inside of the cluster may use
/// without going over HTTP. Holds no state; thread-safe.
/// </summary>
/// <param name="grains">A cluster client's, or a silo's own.</param>
/// <param name="owner">Whose transfers and files these are. The caller has made sure of who that is.</param>
public sealed class OrleansControlPlane(IGrainFactory grains, string owner) : IControlPlane
{
    public async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken)
    {
        ITransferGrain transfer = Grain(Guid.CreateVersion7());
        return Mapper.ToOpening(await Answer(transfer.CreateAsync(Mapper.ToRequest(request, owner)), cancellationToken));
    }

    public async Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Mapper.ToOpening(await Answer(Grain(transferId).OpenAsync(owner), cancellationToken));

    public Task<Transfer> GetTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).GetAsync(owner), cancellationToken);

    public async Task<Control.Page<Transfer>> ListTransfersAsync(TransferQuery query, CancellationToken cancellationToken) =>
        Mapper.ToPage(await Call(Catalog.ListTransfersAsync(Mapper.ToQuery(query, owner)), cancellationToken), Mapper.ToTransfer);

    // The transfer knows its owner; the session doesn't.
    public async Task<Session> GetSessionAsync(Guid transferId, CancellationToken cancellationToken) =>
        Mapper.ToSession(await Answer(Grain(transferId).GetSessionAsync(owner), cancellationToken));

    /// <summary>The owner's sessions, newest first.</summary>
    /// <param name="status">Null: any.</param>
    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    public Task<Abstractions.Catalog.Page<SessionSummary>> ListSessionsAsync(
        SessionStatus? status, Abstractions.Catalog.CatalogCursor? after, int limit, CancellationToken cancellationToken) =>
        Call(Sessions.ListAsync(new() { Owner = owner, Status = status, After = after, Limit = limit }), cancellationToken);

    /// <summary>How many sessions the owner has.</summary>
    /// <param name="status">Null: of any status.</param>
    public Task<long> CountSessionsAsync(SessionStatus? status, CancellationToken cancellationToken) =>
        Call(Sessions.CountAsync(owner, status), cancellationToken);

    public Task<Transfer> PauseAsync(Guid transferId, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).PauseAsync(owner), cancellationToken);

    public Task<Transfer> ResumeAsync(Guid transferId, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).ResumeAsync(owner), cancellationToken);

    public Task<Transfer> SetPriorityAsync(Guid transferId, Control.TransferPriority priority, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).SetPriorityAsync(owner, Mapper.ToPriority(priority)), cancellationToken);

    public Task<Transfer> CancelAsync(Guid transferId, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).CancelAsync(owner), cancellationToken);

    public Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).CompleteAsync(owner, blake3), cancellationToken);

    public Task<Transfer> FailAsync(Guid transferId, Failure failure, CancellationToken cancellationToken) =>
        TransferOf(Grain(transferId).FailAsync(owner, failure.Code, failure.Message), cancellationToken);

    public Task DeleteTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Answer(Grain(transferId).DeleteAsync(owner), cancellationToken);

    public async Task<Control.StoredFile> GetFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Mapper.ToFile(await Answer(File(fileId).GetAsync(owner), cancellationToken));

    public async Task<Control.Page<Control.StoredFile>> ListFilesAsync(FileQuery query, CancellationToken cancellationToken) =>
        Mapper.ToPage(await Call(Catalog.ListFilesAsync(Mapper.ToQuery(query, owner)), cancellationToken), Mapper.ToFile);

    public async Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Mapper.ToOpening(await Answer(File(fileId).OpenAsync(owner), cancellationToken));

    public Task DeleteFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Answer(File(fileId).DeleteAsync(owner), cancellationToken);

    public async Task<VerifyReport> VerifyFileAsync(Guid fileId, CancellationToken cancellationToken)
    {
        FileLayout layout = (await Answer(File(fileId).GetAsync(owner), cancellationToken)).Layout;
        return Mapper.ToReport(await Answer(File(fileId).VerifyAsync(owner), cancellationToken), layout);
    }

    public async Task<IReadOnlyList<IntegrityCheck>> ListChecksAsync(Guid fileId, CancellationToken cancellationToken) =>
        [.. (await Answer(File(fileId).GetChecksAsync(owner), cancellationToken)).Select(Mapper.ToCheck)];

    public async Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken)
    {
        IPathGrain path = Find(factory => factory.GetGrain<IPathGrain>($"{owner}|{report.Key}"));
        return Mapper.ToPath(await Call(path.ReportAsync(Mapper.ToSample(report)), cancellationToken));
    }

    public async Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken) =>
        [.. (await Call(Catalog.ListPathsAsync(owner), cancellationToken)).Select(Mapper.ToPath)];

    public async Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken) =>
        [.. (await Call(Directory.ListAsync(), cancellationToken)).Select(Mapper.ToGateway)];

    private ICatalogGrain Catalog => Find(factory => factory.GetGrain<ICatalogGrain>(0));

    private ISessionDirectoryGrain Sessions => Find(factory => factory.GetGrain<ISessionDirectoryGrain>(0));

    private IGatewayDirectoryGrain Directory => Find(factory => factory.GetGrain<IGatewayDirectoryGrain>(0));

    private ITransferGrain Grain(Guid transferId) => Find(factory => factory.GetGrain<ITransferGrain>(transferId));

    private IFileGrain File(Guid fileId) => Find(factory => factory.GetGrain<IFileGrain>(fileId));

    // A client learns from the silos which grains there are; before its first connection it knows none.
    private T Find<T>(Func<IGrainFactory, T> find)
    {
        try
        {
            return find(grains);
        }
        catch (ArgumentException exception)
        {
            throw new ChunkStreamException(FailureCode.NotReady, "The service isn't connected to its cluster yet; try again in a moment.", exception);
        }
    }

    private static async Task<Transfer> TransferOf(Task<Outcome<TransferInfo>> call, CancellationToken cancellationToken) =>
        Mapper.ToTransfer(await Answer(call, cancellationToken));

    private static async Task<T> Answer<T>(Task<Outcome<T>> call, CancellationToken cancellationToken)
    {
        Outcome<T> outcome = await Call(call, cancellationToken);
        return outcome.IsOk ? outcome.Value! : throw new ChunkStreamException(outcome.Failure!);
    }

    /// <summary>Waits for a grain's answer. What goes wrong between here and the grain is told apart from what the grain answers.</summary>
    private static async Task<T> Call<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ClusterFailure.CodeOf(exception) is { } code)
        {
            throw new ChunkStreamException(code, ClusterFailure.Message(code), exception);
        }
    }
}
