namespace ChunkStream.Grains.Catalog;

/// <summary>What a silo's start asks of the catalogue's check.</summary>
[Alias("chunkstream.ICatalogSchedule")]
internal interface ICatalogSchedule : IGrainWithIntegerKey
{
    /// <summary>Orders the daily check. Ordering it again, by every silo at every start, also finds one that was lost.</summary>
    [Alias("Order")]
    Task OrderAsync();
}
