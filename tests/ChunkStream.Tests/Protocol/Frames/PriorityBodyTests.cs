using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using Xunit;

namespace ChunkStream.Tests.Protocol.Frames;

public sealed class PriorityBodyTests
{
    [Theory]
    [InlineData(Priority.High, 0)]
    [InlineData(Priority.Normal, 1)]
    [InlineData(Priority.Low, 2)]
    public void A_level_has_its_number(Priority priority, byte number)
    {
        Assert.Equal([number], PriorityBody.Write(priority));
        Assert.True(PriorityBody.TryRead([number], out Priority read));
        Assert.Equal(priority, read);
    }

    [Fact]
    public void What_is_no_level_is_refused()
    {
        Assert.False(PriorityBody.TryRead([3], out _));
        Assert.False(PriorityBody.TryRead([255], out _));
        Assert.False(PriorityBody.TryRead([], out _));
        Assert.False(PriorityBody.TryRead([0, 0], out _));
    }
}
