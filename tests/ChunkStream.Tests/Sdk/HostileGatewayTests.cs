using System.Collections.Concurrent;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Paths;
using ChunkStream.Tests.Gateway;
using ChunkStream.Tests.Links;
using ChunkStream.Tests.Storage;
using ChunkStream.Tests.Transport;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk;

/// <summary>A gateway with the right key and bad intentions: a call ends soon, and says what was wrong.</summary>
public sealed class HostileGatewayTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    // A gateway that says nothing does so for longer than what counts as up, as with the defaults.
    private static readonly PathTiming s_hurry = new() { WelcomeWithin = TimeSpan.FromSeconds(1), AnswerWithin = TimeSpan.FromSeconds(1), UpFor = TimeSpan.FromSeconds(0.5) };
    private static readonly TimeSpan ReconnectFor = TimeSpan.FromSeconds(1);

    private readonly GatewayService _service = fixture.Service;

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Garbage_for_an_answer_ends_the_call(LaneKind kind)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            byte[] garbage = new byte[500];
            new Random(seed).NextBytes(garbage);
            FailureCode code = (await FailsAsync(kind, lane => lane.WriteAsync(garbage, default).AsTask())).Code;
            Assert.True(code is FailureCode.VersionUnsupported or FailureCode.FrameUnknown, $"Seed {seed}: {code}.");
        }
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Lanes_that_are_closed_at_once_are_given_up_after_a_while(LaneKind kind)
    {
        ChunkStreamException exception = await FailsAsync(kind, lane => lane.CloseAsync(default).AsTask());
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.True(exception.IsTransient);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Lanes_that_are_welcomed_and_closed_at_once_are_given_up_after_a_while(LaneKind kind)
    {
        ChunkStreamException exception = await FailsAsync(kind, async lane =>
        {
            await WelcomeAsync(lane);
            await lane.CloseAsync(default);
        });
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.True(exception.IsTransient);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_is_accepted_and_never_answered_is_given_up(LaneKind kind)
    {
        ChunkStreamException exception = await FailsAsync(kind, _ => Task.CompletedTask);
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.Contains("said nothing", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Chunks_that_are_never_accepted_end_the_call(LaneKind kind)
    {
        ChunkStreamException exception = await FailsAsync(kind, WelcomeAsync);
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.Contains("said nothing", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_gateway_that_answers_pings_and_takes_no_chunk_ends_the_call(LaneKind kind)
    {
        ChunkStreamException exception = await FailsAsync(kind, async lane =>
        {
            await WelcomeAsync(lane);
            while (await lane.ReadHeaderAsync(default) is { } header)
            {
                byte[] body = new byte[header.BodyBytes];
                await lane.ReadBodyAsync(body, default);
                if (header.Type == FrameType.Ping) await lane.WriteAsync(FrameHeader.Of(FrameType.Pong, body.Length), body, default);
            }
        }, s_hurry with { AnswerWithin = TimeSpan.FromSeconds(10), TakeWithin = TimeSpan.FromSeconds(2) });
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.Contains("has taken no chunk", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_gateway_that_refuses_every_chunk_ends_the_call_after_five_attempts(LaneKind kind)
    {
        var refusals = new ConcurrentDictionary<ChunkIndex, int>();
        ChunkStreamException exception = await FailsAsync(kind, async lane =>
        {
            await WelcomeAsync(lane);
            while (await lane.ReadHeaderAsync(default) is { } header)
            {
                await lane.ReadBodyAsync(new byte[header.BodyBytes], default);
                if (header.Type != FrameType.Chunk) continue;
                refusals.AddOrUpdate(header.Index, 1, (_, count) => count + 1);
                await lane.WriteAsync(FrameHeader.About(FrameType.Refused, header.Index, code: FailureCode.ChunkHashMismatch), Array.Empty<byte>(), default);
            }
        });
        Assert.Equal(FailureCode.ChunkHashMismatch, exception.Code);
        Assert.Equal(5, refusals.Values.Max());
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_frame_that_would_fill_memory_ends_the_call(LaneKind kind) => Assert.Equal(
        FailureCode.FrameTooLong,
        (await FailsAsync(kind, async lane =>
        {
            await WelcomeAsync(lane);
            await lane.WriteAsync(new byte[] { FrameHeader.Version, (byte)FrameType.Committed, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0 }, default);
        })).Code);

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_chunk_that_is_accepted_and_was_not_sent_ends_the_call(LaneKind kind) => Assert.Equal(
        FailureCode.FrameUnknown,
        (await FailsAsync(kind, async lane =>
        {
            await WelcomeAsync(lane);
            await lane.WriteAsync(FrameHeader.About(FrameType.Accepted, new(77, 1)), Array.Empty<byte>(), default);
        })).Code);

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_commit_outside_of_the_layout_ends_the_call(LaneKind kind)
    {
        var wild = new ChunkSet(200);
        wild[199].Add(5, 6);
        Assert.Equal(FailureCode.ChunkOutsideLayout, (await FailsAsync(kind, lane => CommitAsync(lane, wild))).Code);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_commit_that_is_a_lie_makes_no_file(LaneKind kind)
    {
        var all = new ChunkSet(13);
        for (int shard = 0; shard < 13; shard++) all[shard].Add(0, 1);
        Assert.Equal(FailureCode.ChunksMissing, (await FailsAsync(kind, lane => CommitAsync(lane, all))).Code);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_clock_that_jumps_disturbs_no_transfer(LaneKind kind)
    {
        using var folder = new TemporaryFolder();
        string source = Source(folder);
        var client = new ChunkStreamClient(_service.Control, new() { Transport = Choice(kind) }, time: new JumpingTime());
        SendResult sent = await Soon.DoneAsync("the sending", client.SendAsync(source));
        await Soon.DoneAsync("the receiving", client.ReceiveAsync(sent.FileId, folder.Sub("back")));
        Assert.Equal(await File.ReadAllBytesAsync(source), await File.ReadAllBytesAsync(folder.Sub("back")));
    }

    // Sends a file to a gateway that does this with every lane.
    private async Task<ChunkStreamException> FailsAsync(LaneKind kind, Func<Lane, Task> behave, PathTiming? timing = null)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        using var folder = new TemporaryFolder();
        var control = new LinkedControl(_service.Control, gateway => gateway with
        {
            Endpoints = [host.EndPoint.ToString()],
            SpkiSha256 = host.Address.SpkiSha256,
            HasQuic = kind == LaneKind.Quic,
        });
        var client = new ChunkStreamClient(control, new() { Transport = Choice(kind), ReconnectFor = ReconnectFor, Timing = timing ?? s_hurry });
        Task<SendResult> sending = client.SendAsync(Source(folder), new() { ChunkBytes = FileLayout.MinChunkBytes });
        _ = MisbehaveAsync();
        return await Soon.DoneAsync("the call's end", Assert.ThrowsAsync<ChunkStreamException>(() => sending));

        async Task MisbehaveAsync()
        {
            while (!sending.IsCompleted) _ = BehaveAsync(await host.AcceptAsync());
        }

        async Task BehaveAsync(Lane lane)
        {
            try
            {
                await behave(lane);
            }
            catch (LaneException)
            {
            }
        }
    }

    private static async Task WelcomeAsync(Lane lane)
    {
        FrameHeader hello = (await lane.ReadHeaderAsync(default))!.Value;
        await lane.ReadBodyAsync(new byte[hello.BodyBytes], default);
        byte[] welcome = new byte[WelcomeBody.SizeBytes];
        new WelcomeBody(Guid.NewGuid()).Write(welcome);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Welcome, welcome.Length), welcome, default);
    }

    private static async Task CommitAsync(Lane lane, ChunkSet chunks)
    {
        await WelcomeAsync(lane);
        foreach (byte[] body in CommittedBody.Write(chunks)) await lane.WriteAsync(FrameHeader.Of(FrameType.Committed, body.Length), body, default);
    }

    private static TransportChoice Choice(LaneKind kind) => kind == LaneKind.Quic ? TransportChoice.Quic : TransportChoice.Tls;

    private static string Source(TemporaryFolder folder)
    {
        byte[] bytes = new byte[10 * FileLayout.MinChunkBytes];
        Random.Shared.NextBytes(bytes);
        File.WriteAllBytes(folder.Sub("source"), bytes);
        return folder.Sub("source");
    }
}
