using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ChunkStream.Storage.Local;

/// <summary>The store's own small JSON files.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(FileRecord))]
[JsonSerializable(typeof(VolumeRecord))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>The record in a file; null where the file isn't there.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (DiskErrors.IsAbsent(exception))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message}", exception);
        }
    }

    public static void Write<T>(string path, T record, JsonTypeInfo<T> type) =>
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, type));
}
