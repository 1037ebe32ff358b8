using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Gateway;
using ChunkStream.Tests.Storage;
using Xunit;

namespace ChunkStream.Tests.Sdk.Sending;

/// <summary>A client that sends several files: what the network got in one plan is carried into the next.</summary>
public sealed class ChunkSizeCarriedTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>, IDisposable
{
    private const int KiB = 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly MeasuredControl _control = new(fixture.Service.Control);
    private int _files;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_that_wavers_about_a_bound_keeps_its_chunk_size()
    {
        ChunkStreamClient client = Client();
        Assert.Equal(1024 * KiB, await SendAsync(client, 19));
        foreach (double wavers in (double[])[21, 19, 24]) Assert.Equal(1024 * KiB, await SendAsync(client, wavers));
        Assert.Equal(512 * KiB, await SendAsync(client, 26));
        foreach (double wavers in (double[])[19, 21, 17]) Assert.Equal(512 * KiB, await SendAsync(client, wavers));
        Assert.Equal(1024 * KiB, await SendAsync(client, 15));
        Assert.Equal(512 * KiB, await SendAsync(Client(), 21)); // Nothing is known to another client.
    }

    [Fact]
    public async Task A_small_file_and_a_size_that_was_chosen_by_hand_say_nothing_of_the_network()
    {
        ChunkStreamClient client = Client();
        Assert.Equal(64 * KiB, await SendAsync(client, 19, sizeBytes: 1000));
        Assert.Equal(1024 * KiB, await SendAsync(client, 19));
        Assert.Equal(64 * KiB, await SendAsync(client, 19, chunkBytes: 64 * KiB));
        Assert.Equal(1024 * KiB, await SendAsync(client, 21));
    }

    [Fact]
    public async Task Of_paths_that_were_used_together_the_fastest_decides_whichever_was_told_of_last()
    {
        _control.Slow = true;
        Assert.Equal(1024 * KiB, await SendAsync(Client(), 19));
    }

    private ChunkStreamClient Client() => new(_control, new() { Transport = TransportChoice.Tls });

    /// <summary>The chunk size that a file is sent with, over a network that loses nothing.</summary>
    private async Task<int> SendAsync(ChunkStreamClient client, double roundTripMs, int sizeBytes = 2 * 1024 * KiB, int chunkBytes = 0)
    {
        _control.RoundTripMs = roundTripMs;
        string path = _folder.Sub($"file-{_files++}");
        byte[] bytes = new byte[sizeBytes];
        new Random(_files).NextBytes(bytes);
        await File.WriteAllBytesAsync(path, bytes);
        SendResult sent = await Soon.DoneAsync("the file to be sent", client.SendAsync(path, new() { ChunkBytes = chunkBytes, DataShards = 2, ParityShards = 1 }));
        Assert.Equal(sent.ChunkBytes, (await _control.GetFileAsync(sent.FileId, default)).ChunkBytes);
        Assert.Equal(sent.ChunkBytes, (await _control.GetTransferAsync(sent.TransferId, default)).ChunkBytes);
        Assert.InRange(sent.ChunkBytes, FileLayout.MinChunkBytes, FileLayout.MaxChunkBytes);
        return sent.ChunkBytes;
    }

    /// <summary>A service whose paths were measured as a test says.</summary>
    private sealed class MeasuredControl(IControlPlane inner) : DelegatingControlPlane(inner)
    {
        public double RoundTripMs { get; set; }

        /// <summary>Whether there is a slow path too.</summary>
        public bool Slow { get; set; }

        public override Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken)
        {
            PathState fast = new()
            {
                Key = "127.0.0.1>127.0.0.1:1/tls",
                Status = "active",
                RoundTripMs = RoundTripMs,
                BytesPerSecond = 1e9,
                LossRate = 0,
                Bytes = 1,
                Chunks = 1,
                Failures = 0,
                UpdatedAt = DateTimeOffset.UnixEpoch,
            };
            PathState slow = fast with { Key = "127.0.0.2>127.0.0.1:1/tls", RoundTripMs = 400, BytesPerSecond = 6e4, UpdatedAt = fast.UpdatedAt.AddSeconds(1) };
            return Task.FromResult<IReadOnlyList<PathState>>(Slow ? [fast, slow] : [fast]);
        }
    }
}
