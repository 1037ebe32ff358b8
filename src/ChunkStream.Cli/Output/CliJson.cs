using System.Text.Encodings.Web;
using System.Text.Json;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Output;

/// <summary>The service's JSON, written for pipes and not for web pages: <c>&gt;</c> and quotation marks stay what they are.</summary>
internal static class CliJson
{
    private static readonly JsonSerializerOptions Options = new(ControlJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Serialize<T>(T document) => JsonSerializer.Serialize(document, Options);
}
