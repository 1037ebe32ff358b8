using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChunkStream.Sdk.Control;

/// <summary>
/// Writes enums as camel-case names, and reads them with an error that names the value and what is allowed, which the serializer's
/// own converter doesn't.
/// </summary>
internal sealed class NamedEnumConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T> where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return EnumNames.TryParse(text, out T value)
                ? value
                : throw new JsonException($"{(text is null ? "That" : $"'{Excerpt.Of(text)}'")} is not one of {EnumNames.Listed<T>()}.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(EnumNames.Of(value));
    }
}
