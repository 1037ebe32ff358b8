using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Tests.Core.Layout;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>A client's end of a lane, by hand: it says what the test wants it to say.</summary>
internal sealed class ClientLane(IPathConnection path, Lane lane) : IAsyncDisposable
{
    private readonly HashSet<ChunkIndex> _sent = [];

    public Lane Lane => lane;

    /// <summary>Writes any bytes. Where the gateway has ended the lane by then, its reason is there to be read.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Soon.DoneAsync("bytes to be written", lane.WriteAsync(bytes, default).AsTask());
        }
        catch (LaneException)
        {
        }
    }

    public Task WriteAsync(FrameHeader header, params byte[] body)
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + body.Length];
        header.Write(frame);
        body.CopyTo(frame, FrameHeader.SizeBytes);
        return WriteAsync(frame);
    }

    public Task HelloAsync(string ticket)
    {
        byte[] body = Encoding.UTF8.GetBytes(ticket);
        return WriteAsync(FrameHeader.Of(FrameType.Hello, body.Length), body);
    }

    public async Task<Guid> WelcomeAsync()
    {
        (FrameHeader header, byte[] body) = await NextAsync();
        Assert.Equal(FrameType.Welcome, header.Type);
        Assert.True(WelcomeBody.TryRead(body, out WelcomeBody welcome));
        return welcome.Incarnation;
    }

    public Task SendAsync(GatewayTransfer transfer, ChunkIndex index)
    {
        _sent.Add(index);
        return SendAsync(index, transfer.Hash(index), transfer.Bytes(index));
    }

    public Task SendAsync(ChunkIndex index, Digest hash, byte[] bytes) =>
        WriteAsync(FrameHeader.About(FrameType.Chunk, index, Digest.SizeBytes + bytes.Length), [.. hash.ToArray(), .. bytes]);

    /// <summary>The next frame but those that tell the priority, which may come between any two.</summary>
    public async Task<(FrameHeader Header, byte[] Body)> NextAsync()
    {
        while (true)
        {
            (FrameHeader header, byte[] body) = await NextOfAnyTypeAsync();
            if (header.Type != FrameType.Priority) return (header, body);
        }
    }

    public async Task<(FrameHeader Header, byte[] Body)> NextOfAnyTypeAsync()
    {
        FrameHeader? header = await Soon.DoneAsync("a frame", lane.ReadHeaderAsync(default).AsTask());
        Assert.True(header is not null, "The gateway ended the lane where a frame was expected.");
        byte[] body = new byte[header.Value.BodyBytes];
        await Soon.DoneAsync("a frame's body", lane.ReadBodyAsync(body, default).AsTask());
        return (header.Value, body);
    }

    /// <summary>Reads on until the gateway says why it ends the lane; and it does end it.</summary>
    public async Task<Failure> FailsAsync()
    {
        while (true)
        {
            (FrameHeader header, byte[] body) = await NextAsync();
            if (header.Type != FrameType.Fail) continue;
            await EndsAsync();
            return new(header.Code, Encoding.UTF8.GetString(body));
        }
    }

    /// <summary>Reads on until the lane has ended, with or without a reason.</summary>
    public async Task EndsAsync()
    {
        try
        {
            while (await Soon.DoneAsync("the end of the lane", lane.ReadHeaderAsync(default).AsTask()) is { } header)
                await lane.ReadBodyAsync(new byte[header.BodyBytes], default);
        }
        catch (LaneException)
        {
        }
    }

    /// <summary>
    /// Reads on until all of these were told committed, and those of them that were sent here accepted, in whichever order. Answers
    /// what was told accepted on the way.
    /// </summary>
    public async Task<List<ChunkIndex>> UntilCommittedAsync(GatewayTransfer transfer, params ChunkIndex[] chunks)
    {
        List<ChunkIndex> accepted = [];
        HashSet<ChunkIndex> committed = [];
        while (!committed.IsSupersetOf(chunks) || chunks.Intersect(_sent).Except(accepted).Any())
        {
            (FrameHeader header, byte[] body) = await NextAsync();
            if (header.Type == FrameType.Accepted) accepted.Add(header.Index);
            else if (header.Type == FrameType.Committed)
            {
                Assert.True(CommittedBody.TryRead(body, transfer.Layout, out ChunkSet told));
                committed.UnionWith(Layouts.Members(told));
            }
            else Assert.Fail($"{header}: {Encoding.UTF8.GetString(body)}");
        }
        return accepted;
    }

    public async ValueTask DisposeAsync()
    {
        await lane.DisposeAsync();
        await path.DisposeAsync();
    }
}
