using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace VptDsl.Orleans.Silos;

/// <summary>The workers of a silo, from its start to its end.</summary>
internal sealed class SweepWorkers(
    ISweepOpener opener, IGrainFactory grains, IOptions<SweepSiloOptions> options, ILogger<SweepWorkers> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, options.Value.Workers)
            .Select(number => Task.Run(() => WorkAsync(number, stoppingToken), CancellationToken.None)));

    private async Task WorkAsync(int number, CancellationToken stopping)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}/{number}");
        using Device device = options.Value.OpenDevice(number);
        await new SweepWorker(name, device, opener, grains, options.Value, log).WorkAsync(stopping);
    }
}
