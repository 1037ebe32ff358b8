using System.Reflection;
using Xunit;

namespace ChunkStream.Tests.Abstractions;

/// <summary>The contracts that Orleans clients are built against.</summary>
public sealed class GrainContractTests
{
    [Fact]
    public void The_contracts_are_those_that_were_reviewed() =>
        Written.Equal("src/ChunkStream.Abstractions/contracts.txt", GrainContracts.Text());

    [Fact]
    public void Every_interface_and_method_has_an_alias_of_its_own()
    {
        Assert.NotEmpty(GrainContracts.Interfaces);
        Assert.Equal(GrainContracts.Interfaces.Length, GrainContracts.Interfaces.Select(GrainContracts.AliasOf).Distinct().Count());
        foreach (Type grain in GrainContracts.Interfaces)
        {
            Assert.StartsWith("chunkstream.", GrainContracts.AliasOf(grain), StringComparison.Ordinal);
            string?[] aliases = [.. grain.GetMethods().Select(GrainContracts.AliasOf)];
            Assert.All(aliases, Assert.NotNull);
            Assert.Equal(aliases.Length, aliases.Distinct().Count());
        }
    }

    [Fact]
    public void Every_type_has_an_alias_and_every_member_that_can_be_set_an_id()
    {
        Assert.Equal(GrainContracts.Serialized.Length, GrainContracts.Serialized.Select(GrainContracts.AliasOf).Distinct().Count());
        foreach (Type type in GrainContracts.Serialized)
        {
            Assert.StartsWith("chunkstream.", GrainContracts.AliasOf(type), StringComparison.Ordinal);
            var members = GrainContracts.MembersOf(type);
            Assert.Equal(members.Length, members.Select(member => member.Id).Distinct().Count());
            string[] settable = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.SetMethod is not null).Select(property => property.Name)];
            Assert.Empty(settable.Except(members.Select(member => member.Name)));
        }
    }
}
