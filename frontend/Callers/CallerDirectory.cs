using System.Collections.Concurrent;
using ChunkStream.Frontend.Bytes;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Callers;

/// <summary>One <see cref="Caller"/> for each owner, made when they first come. As many as there are API keys.</summary>
internal sealed class CallerDirectory(Func<string, IControlPlane> control, Func<IControlPlane, IFileBytes> bytes)
{
    private readonly ConcurrentDictionary<string, Caller> _callers = new(StringComparer.Ordinal);

    public Caller Find(string owner) => _callers.GetOrAdd(owner, Make);

    private Caller Make(string owner)
    {
        IControlPlane plane = control(owner);
        return new(owner, plane, bytes(plane));
    }
}
