using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace VptDsl.Orleans.Silos;

/// <summary>
/// The workers of a silo, from its start to its end. If one of them cannot work the silo ends, and whoever looks after silos learns of it.
/// </summary>
internal sealed partial class SweepWorkers(
    ISweepOpener opener, IGrainFactory grains, IOptions<SweepSiloOptions> options, IHostApplicationLifetime host,
    ILogger<SweepWorkers> log) : BackgroundService
{
    // Processes of several machines may have the same number, and machines the same name: containers have.
    private readonly string _silo = string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, options.Value.Workers)
            .Select(number => Task.Run(() => WorkAsync(number, stoppingToken), CancellationToken.None)));

    private async Task WorkAsync(int number, CancellationToken stopping)
    {
        var name = new WorkerName(_silo, number);
        try
        {
            using Device device = options.Value.OpenDevice(number);
            await new SweepWorker(name.ToString(), device, opener, grains, options.Value, log).WorkAsync(stopping);
        }
        catch (Exception e)
        {
            CannotWork(name, e);
            host.StopApplication();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Worker} cannot work, and the silo ends.")]
    private partial void CannotWork(WorkerName worker, Exception exception);
}
