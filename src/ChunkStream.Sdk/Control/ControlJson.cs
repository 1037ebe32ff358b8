using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChunkStream.Sdk.Control;

/// <summary>How the control plane's records are written as JSON, by the SDK and by the frontend alike.</summary>
public static class ControlJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new DigestJsonConverter());
        options.Converters.Add(new NamedEnumConverter());
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        return options;
    }
}
