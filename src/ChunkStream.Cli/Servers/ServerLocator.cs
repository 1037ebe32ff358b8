using ChunkStream.Cli.Failures;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Servers;

/// <summary>
/// Which service is meant: the option, the environment, or the one that runs on this machine. The machine's own key is presented to
/// its own service only, never to an address that somebody named.
/// </summary>
internal static class ServerLocator
{
    public const string ServerVariable = "CHUNKSTREAM_SERVER";
    public const string ApiKeyVariable = "CHUNKSTREAM_API_KEY";

    public static ServerChoice Find(string? server, string? apiKey, Func<string, string?> variable)
    {
        ServerRecord? record = new ServerRecordFile(variable).Read();
        string? named = NonEmpty(server) ?? NonEmpty(variable(ServerVariable));
        Uri url = Parse(named ?? record?.Url ?? throw new CliException(
            FailureCode.Unreachable, $"No service runs on this machine: start one with 'chunkstream serve', or name one with --server or {ServerVariable}."));
        string? key = NonEmpty(apiKey) ?? NonEmpty(variable(ApiKeyVariable));
        if (key is null && record is not null && Parse(record.Url) == url) key = ReadKey(record.ApiKeyFile);
        return new(url, key?.Trim());
    }

    private static string? ReadKey(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(FailureCode.NotAllowed, $"The service's API key file can't be read: {exception.Message}");
        }
    }

    private static Uri Parse(string text)
    {
        string address = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? url
            : throw CliException.Usage($"The server is '{Excerpt.Of(text)}'. It is an address such as http://127.0.0.1:7070.");
    }

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
