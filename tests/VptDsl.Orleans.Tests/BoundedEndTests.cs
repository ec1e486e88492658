using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using VptDsl.Orleans.Silos;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects whoever ends a silo: once its runs are saved it ends, whatever Orleans waits for.</summary>
public sealed class BoundedEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50), Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_service_that_hurries_when_told_to_is_told_to()
    {
        var service = new Service(hurried => Task.Delay(Timeout.Infinite, hurried));

        await Bounded(service).StopAsync(CancellationToken.None).WaitAsync(Long);
    }

    [Fact]
    public async Task A_service_that_never_ends_is_left()
    {
        var service = new Service(_ => new TaskCompletionSource().Task);

        await Bounded(service).StopAsync(CancellationToken.None).WaitAsync(Long);
    }

    [Fact]
    public async Task What_a_service_throws_in_time_is_passed_on()
    {
        var service = new Service(_ => Task.FromException(new IOException("its store is gone")));

        await Assert.ThrowsAsync<IOException>(() => new BoundedEnd(service, Long, NullLogger<BoundedEnd>.Instance).StopAsync(default));
    }

    [Fact]
    public async Task Who_gave_a_limit_learns_that_it_was_reached()
    {
        using var limit = new CancellationTokenSource(Patience);
        var service = new Service(hurried => Task.Delay(Timeout.Infinite, hurried));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new BoundedEnd(service, Long, NullLogger<BoundedEnd>.Instance).StopAsync(limit.Token));
    }

    /// <summary>It is found by its name: a version of Orleans that calls it otherwise must not be overlooked.</summary>
    [Fact]
    public void The_silo_of_this_version_of_Orleans_is_bounded()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddVptSweeps(new TinySweep()));
        using IHost host = builder.Build();

        IHostedService[] services = [.. host.Services.GetServices<IHostedService>()];

        Assert.Single(services.OfType<BoundedEnd>());
        Assert.DoesNotContain(services, service => service.GetType().Name == "SiloHostedService");
    }

    private static BoundedEnd Bounded(IHostedService service) => new(service, Patience, NullLogger<BoundedEnd>.Instance);

    private sealed class Service(Func<CancellationToken, Task> stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => stop(cancellationToken);
    }
}
