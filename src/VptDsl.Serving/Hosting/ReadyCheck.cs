using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VptDsl.Serving.Hosting;

/// <summary>Ready while images are answered: not before the backbone is loaded, and not when the server stops.</summary>
internal sealed class ReadyCheck(TaskHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.IsReady
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "Images are not answered: the model is being loaded, or stopped."));
}
