using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VptDsl.Orleans;
using VptDsl.Tool.Hosting;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Recipes;

namespace VptDsl.Tool.Sweeps;

/// <summary>A sweep whose runs a cluster makes.</summary>
/// <param name="Silo">The cluster, and how its workers are made where it is one in this process.</param>
/// <param name="Recipe">The recipe.</param>
/// <param name="Inputs">Model and images.</param>
/// <param name="Results">The results file.</param>
/// <param name="Priority">Which of several sweeps comes first.</param>
internal sealed record ClusterRun(SiloHost Silo, Recipe Recipe, SweepInputs Inputs, FileInfo Results, int Priority)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs the sweep.</summary>
    public async Task<SweepReport> RunAsync(OpenedInputs opened, CancellationToken cancellation)
    {
        bool isOwn = Silo.Cluster.Store == ClusterStore.Embedded;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (isOwn)
            Silo.AddTo(builder);
        else
            builder.UseOrleansClient(client => client.UseVptCluster(Silo.Cluster));
        using IHost host = builder.Build();
        // Whoever has the results has a cluster beside them too, which a second one would take from it.
        RunLock.Take(Results.FullName).Dispose();
        bool isOver = false;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await ConnectAsync(host, isOwn, cancellation);
        try
        {
            var sweep = new ClusterSweep(
                host.Services.GetRequiredService<IGrainFactory>(), Recipe, Inputs.ToJson(), SweepInputsOpener.WorkOf(opened),
                Results.FullName)
            {
                Priority = Priority,
                TrialCompleted = Console.WriteLine,
                Unreached = () => Errors.Say(
                    $"note: the cluster {Silo.Cluster} does not answer. It is waited for: look after its silos and their store, or "
                    + "end this command and start it again when they are back; what was found is kept."),
            };
            SweepReport report = await sweep.RunAsync(ending.Token);
            isOver = true;
            return report;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await HostLife.ThrowWhyAsync(host);
            throw;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            // Until then it has results that are not in the file yet: their turn had not come.
            if (isOwn && isOver)
                TryDelete(Silo.Cluster.Folder);
        }
    }

    private async Task ConnectAsync(IHost host, bool isOwn, CancellationToken cancellation)
    {
        if (isOwn)
        {
            await HostLife.StartAsync(host, cancellation);
            return;
        }

        // Orleans asks a cluster without silos for minutes whether it has some now.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await host.StartAsync(patience.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is not (InvalidOperationException or ArgumentException or CryptographicException))
        {
            throw new IOException(
                $"No silo of the cluster {Silo.Cluster} can be reached: start one with 'vpt silo --cluster', or name another. {e.Message}",
                e);
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is of use to nobody, and does no harm.
        }
    }
}
