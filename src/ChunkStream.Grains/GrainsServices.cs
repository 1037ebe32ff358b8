using System.Data.Common;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Sessions;
using ChunkStream.Grains.State;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkStream.Grains;

public static class GrainsServices
{
    /// <summary>
    /// What the grains need in a silo. The silo itself brings a default grain storage, a <see cref="DbDataSource"/> with the
    /// catalogue's tables, <see cref="WriteTurns"/> that suit it, a reminder service, a <see cref="TicketAuthority"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddChunkStreamGrains(this IServiceCollection services, TransferOptions options) => services
        .AddSingleton(options)
        .AddSingleton<DurableStates>()
        .AddSingleton<CatalogStore>()
        .AddSingleton<TransferSurvey>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SessionCleanupSchedule>()
        .AddSingleton<StateScan>()
        .AddSingleton<CatalogCheck>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, CatalogSchedule>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, UnsettledWork>();
}
