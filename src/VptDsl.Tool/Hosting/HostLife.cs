using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VptDsl.Tool.Hosting;

/// <summary>The life of a host, which somebody may end, or the failure of one of its own services.</summary>
internal static class HostLife
{
    /// <summary>Starts a host, and throws what ended it again, if a service has failed before all were started.</summary>
    public static async Task StartAsync(IHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await ThrowWhyAsync(host);
            throw;
        }
    }

    /// <summary>Keeps a host up until it is told to end or wants to, ends it, and throws what made it, if it was an error.</summary>
    public static async Task AwaitAsync(IHost host, CancellationToken interruption)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            interruption, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ThrowWhyAsync(host);
    }

    /// <summary>Ends a host that wants to end, and throws what made it, if it was an error: a device that cannot be opened, say.</summary>
    public static async Task ThrowWhyAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        foreach (BackgroundService service in host.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true } failed)
                await failed;
        }
    }
}
