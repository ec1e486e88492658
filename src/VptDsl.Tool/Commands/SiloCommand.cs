using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Hosting;
using VptDsl.Orleans;
using VptDsl.Tool.Sweeps;

namespace VptDsl.Tool.Commands;

/// <summary>Makes runs of sweeps for a cluster.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        Option<string> cluster = ClusterOption.Required();
        Option<string> device = DeviceOption.Create();
        Option<int> workers = Number.Option("--workers", "Runs at a time.", usual: 1, least: 0, most: 256);
        Option<int> threads = Number.Option(
            "--threads", "Threads of each run on the CPU; 0 shares the cores out. The results do not depend on it.", usual: 0, least: 0,
            most: 1024);
        var address = new Option<IPAddress?>("--address")
        {
            Description = "The address at which other silos and commands reach this one. Left out: the machine's own, "
                + "or 127.0.0.1 where the cluster is in a folder.",
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (IPAddress.TryParse(text, out IPAddress? parsed))
                    return parsed;
                result.AddError($"--address must be an address such as 10.0.0.7, and not \"{text}\".");
                return null;
            },
        };
        Option<int> port = Number.Option("--port", "The port for silos; 0 for a free one.", usual: 0, least: 0, most: 65535);
        Option<int> gateway = Number.Option("--gateway-port", "The port for commands; 0 for a free one.", usual: 0, least: 0, most: 65535);
        var command = new Command("silo", "Makes runs of sweeps for a cluster, until it is ended (docs/cluster.md).")
        {
            cluster, device, workers, threads, address, port, gateway,
        };
        command.SetAction(async (arguments, _) =>
        {
            ClusterSettings settings = ClusterSettings.Load(arguments.GetValue(cluster)!);
            var silo = new SiloHost(
                settings, arguments.GetValue(device), arguments.GetValue(threads), arguments.GetValue(workers))
            {
                Endpoint = new SiloEndpoint
                {
                    Address = arguments.GetValue(address),
                    Port = arguments.GetValue(port),
                    GatewayPort = arguments.GetValue(gateway),
                },
            };
            StandardOutput.MakeOptional();
            using var interruption = Interruption.Begin();
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            silo.AddTo(builder);
            using IHost host = builder.Build();
            await host.StartAsync(interruption.Token);
            Console.WriteLine($"a silo of {settings}; Ctrl-C ends it");
            await Task.Delay(Timeout.Infinite, interruption.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await host.StopAsync();
        });
        return command;
    }
}
