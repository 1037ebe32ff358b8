using System.Net;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Frontend;
using Xunit;

namespace ChunkStream.Tests.Sdk.Control;

/// <summary>The client's commands against the real endpoints.</summary>
public sealed class HttpControlPlaneTests : IClassFixture<FrontendFixture>, IDisposable
{
    private readonly FrontendHost _host;
    private readonly HttpControlPlane _plane;

    public HttpControlPlaneTests(FrontendFixture fixture)
    {
        _host = fixture.Fresh();
        _plane = new(_host.Url, _host.ApiKey);
    }

    public void Dispose() => _plane.Dispose();

    [Fact]
    public async Task A_transfer_goes_through_its_commands()
    {
        Opening opening = await _plane.CreateTransferAsync(
            new() { Direction = TransferDirection.Send, Name = "../a/b\u00ef", SizeBytes = 5, Priority = TransferPriority.High }, default);
        Guid id = opening.Transfer.Id;
        Assert.Equal("../a/b\u00ef", opening.Transfer.Name);
        Assert.Equal(TransferPriority.High, opening.Transfer.Priority);
        Assert.Equal([0, 1], opening.Committed[0]);
        Assert.Equal(32, opening.Gateways[0].SpkiSha256.Length);
        Assert.False(opening.Existing);
        Assert.True((await _plane.OpenTransferAsync(id, default)).Existing);
        Assert.Equal(TransferState.Transferring, (await _plane.GetTransferAsync(id, default)).State);
        Assert.Equal(TransferState.Paused, (await _plane.PauseAsync(id, default)).State);
        Assert.Equal(TransferState.Transferring, (await _plane.ResumeAsync(id, default)).State);
        Assert.Equal(TransferPriority.Low, (await _plane.SetPriorityAsync(id, TransferPriority.Low, default)).Priority);
        Session session = await _plane.GetSessionAsync(id, default);
        Assert.Equal((id, 2, true), (session.TransferId, session.CommittedChunks, session.IsResumable));
        Digest digest = Blake3.Hash([1]);
        Assert.Equal(digest, (await _plane.CompleteAsync(id, digest, default)).Blake3);
        Transfer failed = await _plane.FailAsync(id, new(FailureCode.FileChanged, "It grew."), default);
        Assert.Equal(("file-changed", "It grew."), (failed.FailureCode, failed.FailureMessage));
        Assert.Equal("cancelled", (await _plane.CancelAsync(id, default)).FailureCode);
        await _plane.DeleteTransferAsync(id, default);
        await ThrowsAsync(FailureCode.NotFound, () => _plane.GetTransferAsync(id, default));
    }

    [Fact]
    public async Task Listings_pass_their_filters_and_pages()
    {
        Transfer paused = _host.Service.AddTransfer(state: TransferState.Paused);
        _host.Service.AddTransfer();
        _host.Service.AddTransfer(owner: "somebody-else");
        Page<Transfer> page = await _plane.ListTransfersAsync(new(TransferState.Paused, TransferDirection.Send, "a b&c", 7, TransferPriority.Low, "ä/+", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)), default);
        Assert.Equal([paused], page.Items);
        Assert.Null(page.Next);
        Assert.Contains(_host.Service.Calls, call => call.Contains("State = Paused, Direction = Send, Cursor = a b&c, Limit = 7, Priority = Low, NamePrefix = ä/+, CreatedFrom = 01/01/1970 00:00:00 +00:00, CreatedBefore = 01/02/1970", StringComparison.Ordinal));
        Page<Transfer> first = await _plane.ListTransfersAsync(new(Limit: 1), default);
        Assert.Equal(first.Items[0].Id.ToString(), first.Next);
        StoredFile file = _host.Service.AddFile([1, 2, 3]);
        Assert.Equal([file], (await _plane.ListFilesAsync(new(), default)).Items);
    }

    [Fact]
    public async Task Files_paths_and_gateways()
    {
        StoredFile file = _host.Service.AddFile([1, 2, 3], "\ud83c\udfac");
        Assert.Equal(file, await _plane.GetFileAsync(file.Id, default));
        Assert.Equal(file.ManifestDigest, (await _plane.OpenFileAsync(file.Id, default)).ManifestDigest);
        VerifyReport verified = await _plane.VerifyFileAsync(file.Id, default);
        Assert.Equal(FakeService.Report.Bad, verified.Bad);
        Assert.Equal(FakeService.Report, verified with { Bad = FakeService.Report.Bad });
        Assert.Equal([FakeService.Check], await _plane.ListChecksAsync(file.Id, default));
        await _plane.DeleteFileAsync(file.Id, default);
        await ThrowsAsync(FailureCode.NotFound, () => _plane.GetFileAsync(file.Id, default));
        var report = new PathReport { Key = "127.0.0.1>127.0.0.2:7071/quic", RoundTripMs = 1.5, BytesPerSecond = 1e9, LossRate = 0.25, Bytes = 1L << 40, Chunks = 3, Failures = 1 };
        Assert.Equal(1.5, (await _plane.ReportPathAsync(report, default)).RoundTripMs);
        Assert.Equal(report.Key, (await _plane.ListPathsAsync(default)).Single().Key);
        Assert.Equal("gateway-0", (await _plane.ListGatewaysAsync(default)).Single().Address.GatewayId);
    }

    [Fact]
    public async Task Every_failure_of_the_service_arrives_as_itself()
    {
        foreach (FailureCode code in Enum.GetValues<FailureCode>().Where(code => code != FailureCode.None))
        {
            _host.Service.Failure = new ChunkStreamException(code, $"This is {code}.");
            ChunkStreamException exception = await ThrowsAsync(code, () => _plane.PauseAsync(Guid.NewGuid(), default));
            Assert.Equal($"This is {code}.", exception.Message);
        }
    }

    [Fact]
    public async Task A_wrong_key_is_unauthenticated()
    {
        using var plane = new HttpControlPlane(_host.Url, "cs_wrong");
        await ThrowsAsync(FailureCode.Unauthenticated, () => plane.ListPathsAsync(default));
        using var keyless = new HttpControlPlane(_host.Url, null);
        await ThrowsAsync(FailureCode.Unauthenticated, () => keyless.ListPathsAsync(default));
    }

    [Fact]
    public async Task Nothing_there_is_unreachable()
    {
        using var refused = new HttpControlPlane(new("http://127.0.0.1:1"), null);
        ChunkStreamException exception = await ThrowsAsync(FailureCode.Unreachable, () => refused.ListPathsAsync(default));
        Assert.Contains("127.0.0.1:1", exception.Message, StringComparison.Ordinal);
        using var unknown = new HttpControlPlane(new("http://no-such-host.invalid"), null);
        await ThrowsAsync(FailureCode.Unreachable, () => unknown.CancelAsync(Guid.NewGuid(), default));
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure()
    {
        using var handler = new ScriptedHandler(async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new(HttpStatusCode.OK);
        });
        using var plane = new HttpControlPlane(_host.Url, null, handler);
        using var source = new CancellationTokenSource();
        Task call = plane.ListPathsAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FailureCode.Unauthenticated)]
    [InlineData(HttpStatusCode.Forbidden, FailureCode.NotAllowed)]
    [InlineData(HttpStatusCode.NotFound, FailureCode.NotFound)]
    [InlineData(HttpStatusCode.BadGateway, FailureCode.Unreachable)]
    [InlineData(HttpStatusCode.TooManyRequests, FailureCode.LimitReached)]
    [InlineData(HttpStatusCode.InternalServerError, FailureCode.Internal)]
    [InlineData((HttpStatusCode)418, FailureCode.InvalidRequest)]
    public async Task A_status_without_a_problem_still_has_a_code(HttpStatusCode status, FailureCode code)
    {
        using var handler = new ScriptedHandler(_ => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("<html>") }));
        using var plane = new HttpControlPlane(_host.Url, null, handler);
        await ThrowsAsync(code, () => plane.CancelAsync(Guid.NewGuid(), default));
    }

    [Fact]
    public async Task Reading_is_tried_again_and_changing_is_not()
    {
        int calls = 0;
        using var handler = new ScriptedHandler(_ => ++calls % 3 == 0
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]", null, "application/json") })
            : throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        using var plane = new HttpControlPlane(_host.Url, null, handler);
        Assert.Empty(await plane.ListPathsAsync(default));
        Assert.Equal(3, calls);
        await ThrowsAsync(FailureCode.Unreachable, () => plane.CancelAsync(Guid.NewGuid(), default));
        Assert.Equal(4, calls);
    }

    [Theory]
    [InlineData("<html>welcome</html>", "text/html")]
    [InlineData("{}", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("", "application/json")]
    public async Task An_answer_that_is_not_the_services_is_told(string body, string type)
    {
        using var handler = new ScriptedHandler(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, null, type) }));
        using var plane = new HttpControlPlane(_host.Url, null, handler);
        ChunkStreamException exception = await ThrowsAsync(FailureCode.Internal, () => plane.GetFileAsync(Guid.NewGuid(), default));
        Assert.Contains("not a ChunkStream service", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host", "k")]
    [InlineData("http://host", "a b")]
    [InlineData("http://host", "a\r\nX: y")]
    [InlineData("http://host", "é")]
    public void What_cannot_be_asked_is_refused_at_once(string server, string key) =>
        Assert.Throws<ArgumentException>(() => new HttpControlPlane(new(server), key));

    private static async Task<ChunkStreamException> ThrowsAsync(FailureCode code, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<ChunkStreamException>(call);
        Assert.Equal(code, exception.Code);
        return exception;
    }

    private sealed class ScriptedHandler(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }
}
