using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChunkStream.Cluster;

/// <summary>
/// Stands before a PostgreSQL server. Once armed, the next answer to a message with a certain word in it is swallowed and the connection cut: the
/// server has done what it was asked, and who asked doesn't know.
/// </summary>
internal sealed class DeafRelay : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private byte[]? _word;

    public DeafRelay(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _ = ListenAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers that were swallowed so far.</summary>
    public int Swallowed { get; private set; }

    public void Arm(string word) => Volatile.Write(ref _word, Encoding.UTF8.GetBytes(word));

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stopping.IsCancellationRequested) _ = PassAsync(await _listener.AcceptSocketAsync(_stopping.Token));
    }

    private async Task PassAsync(Socket client)
    {
        using Socket near = client, far = new(SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(IPAddress.Loopback, _serverPort, _stopping.Token);
        (near.NoDelay, far.NoDelay) = (true, true);
        bool deaf = false;
        Task there = PumpAsync(near, far, bytes =>
        {
            byte[]? word = Volatile.Read(ref _word);
            if (word is null || bytes.Span.IndexOf(word) < 0 || Interlocked.CompareExchange(ref _word, null, word) != word) return true;
            Volatile.Write(ref deaf, true);
            return true;
        });
        Task back = PumpAsync(far, near, _ =>
        {
            if (!Volatile.Read(ref deaf)) return true;
            Swallowed++;
            return false;
        });
        await Task.WhenAny(there, back);
    }

    private async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, bool> mayPass)
    {
        byte[] piece = new byte[64 * 1024];
        while (await from.ReceiveAsync(piece, _stopping.Token) is int read and > 0 && mayPass(piece.AsMemory(0, read)))
            for (int sent = 0; sent < read;) sent += await to.SendAsync(piece.AsMemory(sent, read - sent), _stopping.Token);
    }
}
