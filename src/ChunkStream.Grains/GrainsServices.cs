using System.Data.Common;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.State;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkStream.Grains;

public static class GrainsServices
{
    /// <summary>
    /// What the grains need in a silo. The silo itself brings a default grain storage, a <see cref="DbDataSource"/> with the catalogue's
    /// tables, <see cref="WriteTurns"/> and <see cref="UnflushedWrites"/> that suit it, a reminder service, a <see cref="TicketAuthority"/> and
    /// a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddChunkStreamGrains(this IServiceCollection services, TransferOptions options) => services
        .AddSingleton(options)
        .AddSingleton<DurableStates>()
        .AddSingleton<CatalogStore>()
        .AddSingleton<TransferSurvey>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, Reminders>()
        .AddSingleton<StateScan>()
        .AddSingleton<CatalogCheck>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, UnsettledWork>();
}
