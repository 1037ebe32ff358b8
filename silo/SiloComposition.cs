using System.Data.Common;
using System.Net;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Grains;
using ChunkStream.Grains.State;
using ChunkStream.Silo.Database;
using ChunkStream.Silo.DataFolder;
using ChunkStream.Silo.PostgreSql;
using ChunkStream.Silo.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace ChunkStream.Silo;

/// <summary>Puts the server side together: the same for a silo of its own and for the all-in-one service.</summary>
public static class SiloComposition
{
    /// <summary>
    /// Adds a silo with its grains and their state in the database. Takes the data folder at once and keeps it until the host is disposed.
    /// </summary>
    /// <exception cref="OptionsValidationException">Options are wrong; it names all of them.</exception>
    /// <exception cref="DataDirectoryInUseException">Another process uses the data folder.</exception>
    public static IHostApplicationBuilder AddChunkStreamSilo(this IHostApplicationBuilder builder, SiloOptions options)
    {
        ValidateOptionsResult checkedOptions = new SiloOptionsValidator().Validate(null, options);
        if (checkedOptions.Failed) throw new OptionsValidationException(nameof(SiloOptions), typeof(SiloOptions), checkedOptions.Failures);

        DataDirectory directory = DataDirectory.Open(options.DataDirectory);
        builder.Services.TryAddSingleton(TimeProvider.System);
        // By factories, so that the container disposes them, in the opposite order: first the database, then the folder.
        builder.Services.AddSingleton(_ => directory);
        builder.Services.AddSingleton(services => OpenDatabase(options, services.GetRequiredService<DataDirectory>()));
        builder.Services.AddSingleton<DbDataSource>(services => services.GetRequiredService<StateDatabase>().DataSource);
        builder.Services.AddSingleton(services => new WriteTurns(services.GetRequiredService<StateDatabase>().Writers));
        builder.Services.AddSingleton(services => new UnflushedWrites(services.GetRequiredService<StateDatabase>().Unflushed));
        builder.Services.AddSingleton(services =>
            new TicketAuthority(services.GetRequiredService<StateDatabase>().ReadOrCreateTicketKey(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<SchemaStart>();
        builder.Configuration.AddLiveSettings(options.DataDirectory);
        builder.Services.AddChunkStreamGrains(options.Transfers);

        builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Microsoft.Orleans", LogLevel.Warning);
        // Advice on the collector that doesn't fit (buffers live outside of it), and a watchdog that takes the machine's uptime for a hang.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.UseOrleans(silo => Configure(silo, options));
        return builder;
    }

    private static StateDatabase OpenDatabase(SiloOptions options, DataDirectory directory) => options.Database.IsPostgreSql
        ? new PostgreSqlDatabase(options.Database.ConnectionString, options.ServiceId)
        : new SqliteDatabase(directory);

    private static void Configure(ISiloBuilder silo, SiloOptions options)
    {
        (int siloPort, int clientPort) = FreePorts.Choose(options.SiloPort, options.ClientPort);
        if (options.Database.IsPostgreSql)
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
            silo.ConfigureEndpoints(IPAddress.Parse(options.Address), siloPort, clientPort);
            silo.UseAdoNetClustering(clustering => clustering.Configure<StateDatabase>((clusteringOptions, database) =>
                (clusteringOptions.Invariant, clusteringOptions.DataSource) = (database.Invariant, database.DataSource)));
        }
        else
        {
            silo.UseLocalhostClustering(siloPort, clientPort, serviceId: options.ServiceId, clusterId: options.ClusterId);
        }
        silo.AddAdoNetGrainStorageAsDefault(storage => storage.Configure<StateDatabase, Serializer>((storageOptions, database, serializer) =>
        {
            (storageOptions.Invariant, storageOptions.DataSource) = (database.Invariant, database.DataSource);
            // What is forgotten leaves no row behind.
            storageOptions.DeleteStateOnClear = true;
            // The grains' states are records with ids and aliases; Orleans' own format keeps old ones readable.
            storageOptions.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        silo.UseAdoNetReminderService(reminders => reminders.Configure<StateDatabase>((reminderOptions, database) =>
            (reminderOptions.Invariant, reminderOptions.DataSource) = (database.Invariant, database.DataSource)));
    }
}
