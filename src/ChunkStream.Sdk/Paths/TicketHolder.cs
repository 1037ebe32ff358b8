using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk.Paths;

/// <summary>A call's ticket, renewed when a gateway no longer takes it. Thread-safe.</summary>
internal sealed class TicketHolder(Opening opening, Func<CancellationToken, Task<Opening>> renew) : IDisposable
{
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private Opening _opening = opening;

    public Opening Opening => Volatile.Read(ref _opening);

    public string Ticket => Opening.Ticket;

    /// <summary>Asks for a fresh ticket. A service that can't be reached now leaves the old one: the paths try on.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        Opening before = Opening;
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (ReferenceEquals(before, _opening)) Volatile.Write(ref _opening, await renew(cancellationToken).ConfigureAwait(false));
        }
        catch (ChunkStreamException exception) when (exception.IsTransient || exception.Code == FailureCode.Internal)
        {
        }
        finally
        {
            _renewing.Release();
        }
    }

    public void Dispose() => _renewing.Dispose();
}
