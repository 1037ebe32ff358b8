using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChunkStream.Tests.Links;

/// <summary>
/// Passes TCP connections on to a target as the conditions of the moment let it. Bytes of a stream can't be lost: what a packet's loss
/// costs is the time until it was sent again, during which what came after it waits.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EndPoint _target;
    private readonly Func<LinkConditions> _conditions;
    private readonly LinkModel _there, _back;

    public TcpRelay(EndPoint target, Func<LinkConditions> conditions, int seed)
    {
        (_target, _conditions, _there, _back) = (target, conditions, new(seed), new(seed + 1));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _running.Add(ListenAsync());
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        while (true) _running.Add(PassAsync(await _listener.AcceptAsync(_stopping.Token)));
    }

    private async Task PassAsync(Socket client)
    {
        using Socket near = client, far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(_target, _stopping.Token);
        }
        catch (SocketException)
        {
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task there = PumpAsync(near, far, _there, ending.Token), back = PumpAsync(far, near, _back, ending.Token);
        await Task.WhenAny(Task.WhenAll(there, back), Failed(there), Failed(back));
        await ending.CancelAsync();
        await Task.WhenAll(there, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task Failed(Task task) =>
        task.ContinueWith(ended => ended.IsCompletedSuccessfully ? Task.Delay(Timeout.Infinite) : ended, TaskScheduler.Default).Unwrap();

    private async Task PumpAsync(Socket from, Socket to, LinkModel model, CancellationToken cancellationToken)
    {
        byte[] piece = new byte[PieceBytes];
        var line = new DelayLine(async (bytes, token) =>
        {
            if (bytes.Length == 0) to.Shutdown(SocketShutdown.Send);
            for (int sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes.AsMemory(sent), token);
        });
        Task running = line.RunAsync(cancellationToken);
        while (true)
        {
            int read = await from.ReceiveAsync(piece, cancellationToken);
            line.Put(piece[..read], await ArrivesAsync(model, read, cancellationToken));
            if (read == 0) break;
        }
        await running;
    }

    private async Task<TimeSpan> ArrivesAsync(LinkModel model, int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            LinkConditions link = _conditions() with { Reordering = 0 };
            if (model.Cross(link, DelayLine.Now, bytes) is { } at) return at;
            // A hole, a full queue or a loss: sent again a round trip later.
            await Task.Delay(link.IsHole ? LookAgain : LookAgain + (2 * link.Delay), cancellationToken);
        }
    }
}
