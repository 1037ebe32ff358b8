using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ChunkStream.Core.Failures;

namespace ChunkStream.Sdk.Control;

/// <summary>
/// One HTTP call at a time: the address, the key, the bodies, and the one place where what HTTP can do wrong becomes a
/// <see cref="ChunkStreamException"/>.
/// </summary>
internal sealed class HttpCalls : IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    private readonly HttpClient _http;
    private readonly Uri _api;

    public HttpCalls(Uri server, string? apiKey, HttpMessageHandler? handler)
    {
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"'{Excerpt.Of(server.OriginalString)}' is not the address of a service: give one such as http://127.0.0.1:7070.", nameof(server));
        _api = new(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/api/v1/");
        _http = new(handler ?? new SocketsHttpHandler { ConnectTimeout = ConnectWithin, ConnectCallback = ConnectAsync }, disposeHandler: handler is null)
        {
            // Each call has a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (string.IsNullOrEmpty(apiKey)) return;
        if (!Ascii.IsValid(apiKey) || apiKey.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new ArgumentException("The API key has characters that a key never has: it is ASCII without blanks.", nameof(apiKey));
        _http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
    }

    /// <summary>How long the last TCP connection took: a round trip. Null before the first, and with a handler that was given.</summary>
    public TimeSpan? ConnectTime { get; private set; }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await CallAsync(HttpMethod.Get, path, null, ReadAsync<T>, AnswerWithin, cancellationToken).ConfigureAwait(false);
            }
            catch (ChunkStreamException exception) when (attempt < RetryDelays.Length && MayPassSoon(exception.Code))
            {
                await Task.Delay(RetryDelays[attempt], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellationToken, TimeSpan? within = null) =>
        CallAsync(HttpMethod.Post, path, body, ReadAsync<T>, within ?? AnswerWithin, cancellationToken);

    public Task<T> PatchAsync<T>(string path, object body, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Patch, path, body, ReadAsync<T>, AnswerWithin, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Delete, path, null, (_, _) => Task.FromResult(true), AnswerWithin, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Names first, so that what is timed is the connection.
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
            long startedAt = Stopwatch.GetTimestamp();
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            ConnectTime = Stopwatch.GetElapsedTime(startedAt);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool MayPassSoon(FailureCode code) => code is FailureCode.Unreachable or FailureCode.ShuttingDown or FailureCode.NotReady;

    private async Task<T> CallAsync<T>(
        HttpMethod method, string path, object? body, Func<HttpResponseMessage, CancellationToken, Task<T>> read, TimeSpan within,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_api, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: ControlJson.Options);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            using HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw await HttpProblem.ReadAsync(response, limit.Token).ConfigureAwait(false);
            return await read(response, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable("it did not answer in time", exception);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(Reason(exception), exception);
        }
        catch (IOException exception)
        {
            throw Unreachable("the connection broke: " + exception.Message, exception);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ControlJson.Options, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new ChunkStreamException(
                FailureCode.Internal, $"What answers at {_api} is not a ChunkStream service of this version: {exception.Message}", exception);
        }
    }

    private ChunkStreamException Unreachable(string reason, Exception cause) =>
        new(FailureCode.Unreachable, $"The service at {_api.GetLeftPart(UriPartial.Authority)} can't be reached: {reason}.", cause);

    private string Reason(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"nobody knows the name {_api.Host}",
        HttpRequestError.ConnectionError => exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            ? "the connection was refused; nothing listens there"
            : (exception.InnerException ?? exception).Message.TrimEnd('.'),
        HttpRequestError.SecureConnectionError => "TLS failed: " + (exception.InnerException ?? exception).Message.TrimEnd('.'),
        _ => exception.Message.TrimEnd('.'),
    };
}
