using System.Text.Json;
using System.Text.Json.Serialization;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>A digest as 64 lower-case hex digits.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out Digest digest) ? digest : throw new JsonException("A digest is 64 hex digits.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
