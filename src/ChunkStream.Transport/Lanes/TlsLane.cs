using System.Net.Security;
using System.Net.Sockets;

namespace ChunkStream.Transport.Lanes;

/// <summary>A lane that is a TLS 1.3 connection over TCP.</summary>
internal sealed class TlsLane(SslStream stream, Socket socket) : Lane(stream, socket.LocalEndPoint, socket.RemoteEndPoint)
{
    public override LaneKind Kind => LaneKind.Tls;

    public override LaneMeasure? Measure() => TcpInfo.Of(socket);

    public override async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await stream.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
        }
    }

    public override void Abort() => socket.Dispose();
}
