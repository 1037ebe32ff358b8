using ChunkStream.Sdk;

namespace ChunkStream.Frontend.Content;

/// <summary>
/// Keeps an answer that fails on its way from looking whole. Before its first byte a failure still becomes a problem; after that the
/// only honest end is a broken connection.
/// </summary>
internal sealed partial class StreamFaults(ILogger<StreamFaults> logger)
{
    public async Task GuardAsync(HttpContext context, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (ChunkStreamException exception) when (context.Response.HasStarted)
        {
            LogBroken(context.Request.Path, exception.Code.ToString(), exception.Message);
            context.Abort();
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client went away.
        }
    }
}
