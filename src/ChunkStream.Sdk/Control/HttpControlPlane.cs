using System.Globalization;
using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>
/// The service's commands over HTTP, as whoever the API key belongs to. Thread-safe; one instance for a process is enough.
/// Reading commands are tried three times within a second where the service can't be reached; commands that change something are
/// sent once.
/// </summary>
public sealed class HttpControlPlane : IControlPlane, IDisposable
{
    // Verifying reads every byte of a file; no other command takes longer than a moment.
    private static readonly TimeSpan VerifyWithin = TimeSpan.FromHours(2);

    private readonly HttpCalls _calls;

    /// <param name="server">Where the service is, such as <c>http://127.0.0.1:7070</c>; a path in front of <c>/api</c> is kept.</param>
    /// <param name="apiKey">Null or empty: none is presented, which every command of today's service refuses.</param>
    /// <param name="handler">What carries the requests; null: a handler of its own. One that is given isn't disposed of here.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https one, or the key can't stand in a header.</exception>
    public HttpControlPlane(Uri server, string? apiKey, HttpMessageHandler? handler = null) => _calls = new(server, apiKey, handler);

    public TimeSpan? RoundTrip => _calls.ConnectTime;

    public Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken) =>
        _calls.PostAsync<Opening>("transfers", request, cancellationToken);

    public Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.PostAsync<Opening>($"transfers/{transferId}/open", null, cancellationToken);

    public Task<Transfer> GetTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.GetAsync<Transfer>($"transfers/{transferId}", cancellationToken);

    public Task<Page<Transfer>> ListTransfersAsync(TransferQuery query, CancellationToken cancellationToken)
    {
        StringBuilder path = Listing("transfers", query.Cursor, query.Limit, query.NamePrefix, query.CreatedFrom, query.CreatedBefore);
        if (query.State is { } state) path.Append("&state=").Append(EnumNames.Of(state));
        if (query.Direction is { } direction) path.Append("&direction=").Append(EnumNames.Of(direction));
        if (query.Priority is { } priority) path.Append("&priority=").Append(EnumNames.Of(priority));
        return _calls.GetAsync<Page<Transfer>>(path.ToString(), cancellationToken);
    }

    public Task<Session> GetSessionAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.GetAsync<Session>($"transfers/{transferId}/session", cancellationToken);

    public Task<Transfer> PauseAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.PostAsync<Transfer>($"transfers/{transferId}/pause", null, cancellationToken);

    public Task<Transfer> ResumeAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.PostAsync<Transfer>($"transfers/{transferId}/resume", null, cancellationToken);

    public Task<Transfer> SetPriorityAsync(Guid transferId, TransferPriority priority, CancellationToken cancellationToken) =>
        _calls.PatchAsync<Transfer>($"transfers/{transferId}", new ChangeTransfer { Priority = priority }, cancellationToken);

    public Task<Transfer> CancelAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.PostAsync<Transfer>($"transfers/{transferId}/cancel", null, cancellationToken);

    public Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken) =>
        _calls.PostAsync<Transfer>($"transfers/{transferId}/complete", new CompleteTransfer(blake3), cancellationToken);

    public Task<Transfer> FailAsync(Guid transferId, Failure failure, CancellationToken cancellationToken) =>
        _calls.PostAsync<Transfer>(
            $"transfers/{transferId}/fail", new FailTransfer(failure.Code.ToName(), failure.Message), cancellationToken);

    public Task DeleteTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        _calls.DeleteAsync($"transfers/{transferId}", cancellationToken);

    public Task<StoredFile> GetFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        _calls.GetAsync<StoredFile>($"files/{fileId}", cancellationToken);

    public Task<Page<StoredFile>> ListFilesAsync(FileQuery query, CancellationToken cancellationToken) => _calls.GetAsync<Page<StoredFile>>(
        Listing("files", query.Cursor, query.Limit, query.NamePrefix, query.CreatedFrom, query.CreatedBefore).ToString(), cancellationToken);

    public Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        _calls.PostAsync<Opening>($"files/{fileId}/open", null, cancellationToken);

    public Task DeleteFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        _calls.DeleteAsync($"files/{fileId}", cancellationToken);

    public Task<VerifyReport> VerifyFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        _calls.PostAsync<VerifyReport>($"files/{fileId}/verify", null, cancellationToken, VerifyWithin);

    public Task<IReadOnlyList<IntegrityCheck>> ListChecksAsync(Guid fileId, CancellationToken cancellationToken) =>
        _calls.GetAsync<IReadOnlyList<IntegrityCheck>>($"files/{fileId}/checks", cancellationToken);

    public Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken) =>
        _calls.PostAsync<PathState>("paths", report, cancellationToken);

    public Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken) =>
        _calls.GetAsync<IReadOnlyList<PathState>>("paths", cancellationToken);

    public Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken) =>
        _calls.GetAsync<IReadOnlyList<GatewayState>>("gateways", cancellationToken);

    public void Dispose() => _calls.Dispose();

    private static StringBuilder Listing(string what, string? cursor, int limit, string? prefix, DateTimeOffset? from, DateTimeOffset? before)
    {
        var path = new StringBuilder(what).Append(CultureInfo.InvariantCulture, $"?limit={limit}");
        Add("cursor", cursor);
        Add("prefix", prefix);
        Add("from", from?.ToString("O", CultureInfo.InvariantCulture));
        Add("before", before?.ToString("O", CultureInfo.InvariantCulture));
        return path;

        void Add(string name, string? value)
        {
            if (value is not null) path.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
