using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Tests.Transport;

/// <summary>Both ends of one lane, and the client's path that it is on.</summary>
internal sealed record LanePair(IPathConnection Path, Lane Client, Lane Server) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await Path.DisposeAsync();
    }
}
