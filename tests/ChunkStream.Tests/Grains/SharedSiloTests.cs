using Xunit;

namespace ChunkStream.Tests.Grains;

[CollectionDefinition(Name)]
public sealed class SharedSiloTests : ICollectionFixture<SharedSilo>
{
    public const string Name = "shared silo";
}
