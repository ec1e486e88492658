using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VptDsl.Orleans.Silos;

/// <summary>
/// A service that ends in bounded time. A host that waits for its runs without a limit would wait for Orleans too, whose silo hands its
/// grains over when it ends: to others that may just be going themselves.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="patience">How long it may take to end in its own way, and once more to end in any.</param>
/// <param name="log">Told where it took longer.</param>
internal sealed partial class BoundedEnd(IHostedService service, TimeSpan patience, ILogger<BoundedEnd> log) : IHostedService
{
    private const string Namespace = "Orleans.Hosting", Name = "SiloHostedService";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Bounds the end of Orleans's silo, which is among the services by now.</summary>
    public static void OfSilo(IServiceCollection services)
    {
        for (int i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false, ImplementationType: { Namespace: Namespace, Name: Name } silo }
                && services[i].ServiceType == typeof(IHostedService))
            {
                services[i] = ServiceDescriptor.Singleton<IHostedService>(provider => new BoundedEnd(
                    (IHostedService)ActivatorUtilities.CreateInstance(provider, silo), Patience,
                    provider.GetRequiredService<ILogger<BoundedEnd>>()));
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => service.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await service.StopAsync(limit.Token).WaitAsync(2 * patience, CancellationToken.None);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // What it keeps is in its store: to the others it is as if it had died.
            EndsAtOnce((int)patience.TotalSeconds, e);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The silo could not hand over what it keeps in {Seconds} seconds, and ends all the same: others take it from the store.")]
    private partial void EndsAtOnce(int seconds, Exception trouble);
}
