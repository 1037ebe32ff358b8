using ChunkStream.Cli.Service;
using ChunkStream.Core.Erasure;
using ChunkStream.Frontend;
using ChunkStream.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

/// <summary>Where the kernel that would be used computes wrong bytes nothing starts that would code chunks.</summary>
public sealed class WrongMachineTests
{
    [Fact]
    public void The_fastest_kernel_is_not_used_and_no_slower_one_in_its_place()
    {
        ErasureSelfTestException refusal = Assert.Throws<ErasureSelfTestException>(SelfTest);
        Assert.Contains("'wrong' computes wrong bytes at 10+1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("scalar", ErasureKernels.Choose([new ScalarKernel(), new WrongKernel()]).Name);
    }

    [Fact]
    public void A_silos_gateway_refuses_to_start()
    {
        var services = new ServiceCollection();
        var options = new GatewayOptions { DataDirectory = "x", Volumes = [new() { Id = "main", Path = "x" }] };
        Assert.Throws<ErasureSelfTestException>(() => services.AddChunkStreamGateway(options, SelfTest));
        Assert.Empty(services);
    }

    [Fact]
    public void A_frontend_refuses_to_start()
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        int before = builder.Services.Count;
        Assert.Throws<ErasureSelfTestException>(() => builder.AddChunkStreamFrontend(new() { DataDirectory = "x" }, SelfTest));
        Assert.Equal(before, builder.Services.Count);
    }

    [Fact]
    public void The_service_says_why_it_does_not_start()
    {
        ServiceStartException told = ServiceStartException.For(Assert.Throws<ErasureSelfTestException>(SelfTest))!;
        Assert.False(told.IsUsage);
        Assert.Contains("This machine must not code chunks.", told.Message, StringComparison.Ordinal);
    }

    private static void SelfTest() => ErasureKernels.Choose([new WrongKernel(), new ScalarKernel()]);
}
