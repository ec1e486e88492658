using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using VptDsl.Orleans;
using VptDsl.Tool.Hosting;
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
        Option<string?> urls = ListeningOption.Create(
            "Where to show the cluster on a page, as http://localhost:5001, to anybody who reaches it. Left out: nowhere.");
        var command = new Command("silo", "Makes runs of sweeps for a cluster, until it is ended (docs/cluster.md).")
        {
            cluster, device, workers, threads, address, port, gateway, urls,
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
            using IHost host = Build(silo, arguments.GetValue(urls));
            await StartAsync(silo, host, arguments.GetValue(urls), interruption.Token);
            if (host is WebApplication page)
                Console.WriteLine($"the cluster is shown at {string.Join(", ", page.Urls)}");
            Console.WriteLine($"a silo of {settings}; Ctrl-C ends it");
            await HostLife.AwaitAsync(host, interruption.Token);
        });
        return command;
    }

    private static async Task StartAsync(SiloHost silo, IHost host, string? urls, CancellationToken cancellation)
    {
        try
        {
            await HostLife.StartAsync(host, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && (SiloHost.HasJoined(host) ? Listening.Problem(e, urls) : silo.WhyItCannotJoin(e)) is { } problem)
        {
            throw new IOException(problem, e);
        }
    }

    private static IHost Build(SiloHost silo, string? urls)
    {
        if (urls is null)
        {
            HostApplicationBuilder plain = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            silo.AddTo(plain);
            return plain.Build();
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        silo.AddTo(builder);
        WebApplication app = builder.Build();
        SiloPage.MapTo(app);
        return app;
    }
}
