using ChunkStream.Cli.Failures;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(FailureCode.Unreachable, 3)]
    [InlineData(FailureCode.Unauthenticated, 3)]
    [InlineData(FailureCode.NotAllowed, 3)]
    [InlineData(FailureCode.PathLost, 3)]
    [InlineData(FailureCode.PinMismatch, 3)]
    [InlineData(FailureCode.NoGateway, 3)]
    [InlineData(FailureCode.ContentHashMismatch, 4)]
    [InlineData(FailureCode.ChunkHashMismatch, 4)]
    [InlineData(FailureCode.ManifestInvalid, 4)]
    [InlineData(FailureCode.ChunksMissing, 4)]
    [InlineData(FailureCode.FileChanged, 4)]
    [InlineData(FailureCode.InvalidName, 2)]
    [InlineData(FailureCode.InvalidLayout, 2)]
    [InlineData(FailureCode.NotFound, 1)]
    [InlineData(FailureCode.StoreFull, 1)]
    [InlineData(FailureCode.Cancelled, 1)]
    [InlineData(FailureCode.InvalidTransition, 1)]
    [InlineData(FailureCode.Internal, 1)]
    public void Codes_have_the_exit_codes_of_the_design(FailureCode code, int exitCode)
    {
        Assert.Equal(exitCode, ExitCode.Of(code));
        Fault fault = Fault.Of(new ChunkStreamException(code, "Why."), default);
        Assert.Equal((code.ToName(), "Why.", exitCode), (fault.Code, fault.Message, fault.ExitCode));
    }

    [Fact]
    public void Every_code_has_one() => Assert.All(Enum.GetValues<FailureCode>(), code => Assert.InRange(ExitCode.Of(code), 1, 4));

    [Fact]
    public void Whatever_fails_after_an_interruption_is_the_interruption()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Equal(130, Fault.Of(new OperationCanceledException(), cancelled).ExitCode);
        Assert.Equal(130, Fault.Of(new ChunkStreamException(FailureCode.PathLost, "x"), cancelled).ExitCode);
        Assert.Equal(1, Fault.Of(new OperationCanceledException(), default).ExitCode);
    }
}
