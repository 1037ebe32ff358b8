using ChunkStream.Core.Layout;

namespace ChunkStream.Sdk.Receiving;

/// <summary>A stripe of which every wanted data chunk is there and verified. Its memory is given back when it is disposed of.</summary>
internal sealed class FetchedStripe(StripeInFlight stripe, Action release) : IDisposable
{
    public int Stripe => stripe.Stripe;

    public ShardSet Wanted => stripe.Wanted;

    /// <summary>The bytes of a wanted data chunk.</summary>
    public ReadOnlyMemory<byte> this[int shard] => stripe[shard]!.Payload;

    public void Dispose()
    {
        stripe.Release();
        release();
    }
}
