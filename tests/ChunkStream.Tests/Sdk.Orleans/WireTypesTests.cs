using System.Reflection;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace ChunkStream.Tests.Sdk.Orleans;

/// <summary>What grains answer must be readable in another process, where types are known by their names alone.</summary>
public sealed class WireTypesTests
{
    [Fact]
    public void Every_answer_of_every_grain_can_be_named_and_read()
    {
        using ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Type[] answers = [.. typeof(ITransferGrain).Assembly.GetTypes().Where(type => type.IsInterface)
            .SelectMany(type => type.GetMethods()).Select(method => method.ReturnType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)).Select(type => type.GetGenericArguments()[0])
            .Where(type => type.IsValueType && type.IsGenericType).Distinct()];
        Assert.Contains(typeof(Outcome<TransferOpening>), answers);
        foreach (Type answer in answers)
        {
            object failure = Activator.CreateInstance(answer, null, FailureCode.NotFound, "There is none.")!;
            // As an object: the name of the type travels along.
            object? back = serializer.Deserialize<object>(serializer.SerializeToArray(failure));
            Assert.Equal(failure, back);
        }
    }

    [Fact]
    public void A_page_can_be_named_and_read()
    {
        using ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var page = new Page<StoredFile>([], new(Guid.CreateVersion7(), "name"));
        var back = Assert.IsType<Page<StoredFile>>(serializer.Deserialize<object>(serializer.SerializeToArray<object>(page)));
        Assert.Equal(page.Next, back.Next);
    }

    [Theory]
    [InlineData(typeof(ChunkStream.Abstractions.Transfers.TransferState), typeof(ChunkStream.Sdk.Control.TransferState))]
    [InlineData(typeof(ChunkStream.Abstractions.Transfers.TransferDirection), typeof(ChunkStream.Sdk.Control.TransferDirection))]
    [InlineData(typeof(ChunkStream.Abstractions.Transfers.TransferPriority), typeof(ChunkStream.Sdk.Control.TransferPriority))]
    [InlineData(typeof(ChunkStream.Abstractions.Transfers.ParityMode), typeof(ChunkStream.Sdk.Control.ParityMode))]
    public void Enums_of_both_sides_have_the_same_names(Type grains, Type client) => Assert.Equal(Enum.GetNames(grains), Enum.GetNames(client));

    [Theory]
    [InlineData(typeof(TransferInfo), typeof(ChunkStream.Sdk.Control.Transfer), "Owner", "ContentHash")]
    [InlineData(typeof(StoredFile), typeof(ChunkStream.Sdk.Control.StoredFile), "Owner", "Layout", "ContentHash", "Homes")]
    public void Nothing_that_a_client_may_see_is_forgotten(Type grains, Type client, params string[] otherwise)
    {
        string[] missing = [.. Names(grains).Except(Names(client)).Except(otherwise)];
        Assert.Empty(missing);

        static IEnumerable<string> Names(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => property.Name);
    }
}
