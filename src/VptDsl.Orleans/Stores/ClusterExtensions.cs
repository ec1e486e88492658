using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using StackExchange.Redis;
using VptDsl.Orleans.Silos;
using VptDsl.Orleans.Stores;

namespace VptDsl.Orleans;

/// <summary>Connects silos and clients to a cluster as its settings say.</summary>
public static class ClusterExtensions
{
    private const string Npgsql = "Npgsql";

    /// <summary>Makes a silo a member of a cluster, which keeps its sweeps.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The cluster.</param>
    /// <param name="endpoint">Where the silo listens. Left out: on free ports, reached at the machine's address, or from this machine alone
    /// where the cluster is in a folder or embedded.</param>
    /// <exception cref="ArgumentException">The settings make no sense.</exception>
    public static ISiloBuilder UseVptCluster(this ISiloBuilder silo, ClusterSettings settings, SiloEndpoint? endpoint = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        Require(settings);
        bool isOnOneMachine = settings.Store is ClusterStore.Folder or ClusterStore.Embedded;
        var ports = new ReservedPorts(endpoint ?? new SiloEndpoint());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(ports);
        SiloEndpoint place = ports.Endpoint;
        if (isOnOneMachine)
            place = place with { Address = place.Address ?? IPAddress.Loopback };
        if (settings.Store == ClusterStore.Embedded)
            silo.UseLocalhostClustering(place.Port, place.GatewayPort, serviceId: settings.Cluster, clusterId: settings.Cluster);
        else if (place.Address is { } address)
            silo.ConfigureEndpoints(address, place.Port, place.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        else
            silo.ConfigureEndpoints(place.Port, place.GatewayPort, listenOnAnyHostAddress: true);
        silo.Services.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.Cluster);
        silo.Services.Configure<SweepSiloOptions>(options => options.DeadAfter = TimeSpan.FromSeconds(settings.DeadAfterSeconds));
        UseStore(silo, settings);
        if (settings.Tls is { } tls)
            ClusterCertificates.Use(silo, tls);
        return silo;
    }

    /// <summary>Makes a client of a cluster.</summary>
    /// <param name="client">The client.</param>
    /// <param name="settings">The cluster, which is not embedded: that has no other clients.</param>
    /// <exception cref="ArgumentException">The settings make no sense.</exception>
    public static IClientBuilder UseVptCluster(this IClientBuilder client, ClusterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        Require(settings);
        client.Services.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.Cluster);
        client.Services.Configure<ClientMessagingOptions>(
            options => options.ResponseTimeout = SweepSilo.Patience(TimeSpan.FromSeconds(settings.DeadAfterSeconds)));
        client.UseConnectionRetryFilter(new PatientStart(TimeSpan.FromMinutes(1)));
        client.Services.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        switch (settings.Store)
        {
            case ClusterStore.Folder:
                client.Services.AddSingleton<IGatewayListProvider>(new FolderMembershipTable(settings.OwnFolder));
                break;
            case ClusterStore.Redis:
                client.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(settings.ReadConnection()));
                break;
            case ClusterStore.PostgreSql:
                client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) =
                    (Npgsql, PostgreSqlTables.Connection(settings.ReadConnection())));
                break;
            default:
                throw new ArgumentException(
                    "An embedded cluster has no clients outside its process: start silos with a folder.", nameof(settings));
        }

        if (settings.Tls is { } tls)
            ClusterCertificates.Use(client, tls);
        return client;
    }

    private static void Require(ClusterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Problem() is { } problem)
            throw new ArgumentException($"The cluster's settings make no sense: {problem}.", nameof(settings));
    }

    private static void UseStore(ISiloBuilder silo, ClusterSettings settings)
    {
        switch (settings.Store)
        {
            case ClusterStore.Folder:
                silo.Services.AddSingleton<IMembershipTable>(new FolderMembershipTable(settings.OwnFolder));
                AddFolder(silo, settings.OwnFolder);
                break;
            case ClusterStore.Embedded:
                AddFolder(silo, settings.OwnFolder);
                break;
            case ClusterStore.Redis:
                silo.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(settings.ReadConnection()));
                silo.AddRedisGrainStorage(
                    SweepSilo.Store, options => options.ConfigurationOptions = ConfigurationOptions.Parse(settings.ReadConnection()));
                break;
            default:
                string connection = PostgreSqlTables.Connection(settings.ReadConnection());
                PostgreSqlTables.Make(connection);
                silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Npgsql, connection));
                silo.AddAdoNetGrainStorage(
                    SweepSilo.Store, options => (options.Invariant, options.ConnectionString) = (Npgsql, connection));
                break;
        }
    }

    private static void AddFolder(ISiloBuilder silo, string folder) => silo.Services.AddGrainStorage(
        SweepSilo.Store,
        (services, _) => new FolderGrainStorage(Path.Combine(folder, "sweeps"), services.GetRequiredService<IGrainStorageSerializer>()));
}
