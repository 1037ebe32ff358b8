using System.Text.Json.Serialization;

namespace ChunkStream.Grains.Catalog;

[JsonSerializable(typeof(string[][]))]
internal sealed partial class CatalogJson : JsonSerializerContext;
