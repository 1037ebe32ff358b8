using System.Net;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>Addresses that come and go when the test says so. All lead everywhere.</summary>
internal sealed class FakeAddresses(params string[] addresses) : ILocalAddresses
{
    private readonly Lock _lock = new();
    private IReadOnlyList<IPAddress> _addresses = [.. addresses.Select(IPAddress.Parse)];
    private Action? _changed;

    /// <summary>Whether the system says so when addresses change, or has to be asked.</summary>
    public bool Tells { get; init; } = true;

    public IReadOnlyList<IPAddress> LeadingTo(IPEndPoint endPoint)
    {
        lock (_lock) return _addresses;
    }

    public IDisposable Watch(Action changed)
    {
        _changed = Tells ? changed : null;
        return new CancellationTokenSource();
    }

    public void Become(params string[] addresses)
    {
        lock (_lock) _addresses = [.. addresses.Select(IPAddress.Parse)];
        _changed?.Invoke();
    }
}
