using System.Data.Common;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.State;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkStream.Grains;

public static class GrainsServices
{
    /// <summary>
    /// What the grains need in a silo. The silo itself brings a default grain storage, reminders, a <see cref="DbDataSource"/> with the
    /// catalogue's tables, <see cref="WriteTurns"/> that suit it, a <see cref="TicketAuthority"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddChunkStreamGrains(this IServiceCollection services) => services
        .AddSingleton<DurableStates>()
        .AddSingleton<CatalogStore>()
        .AddSingleton<StateScan>()
        .AddSingleton<CatalogCheck>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, CatalogSchedule>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, UnsettledWork>();
}
