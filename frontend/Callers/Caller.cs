using System.Reflection;
using ChunkStream.Frontend.Bytes;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Callers;

/// <summary>Who a request comes from, and what the service does for them. Endpoints take one as a parameter.</summary>
/// <param name="Owner">The API key's owner.</param>
/// <param name="Control">The service's commands, as this owner.</param>
/// <param name="Bytes">The bytes of this owner's files.</param>
internal sealed record Caller(string Owner, IControlPlane Control, IFileBytes Bytes)
{
    /// <summary>What endpoints' parameters are bound with. Every endpoint that has one requires a key.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult(context.User.Identity is { IsAuthenticated: true, Name: { } owner }
            ? context.RequestServices.GetRequiredService<CallerDirectory>().Find(owner)
            : null);
}
