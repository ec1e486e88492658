using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VptDsl;
using VptDsl.Orleans;
using VptDsl.Orleans.TestSilo;

// A silo that makes tiny sweeps, to be killed by tests: the file of the cluster's settings, and the version that it says it has.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
builder.UseOrleans(silo => silo
    .AddVptSweeps(new TinySweep(), options =>
    {
        options.OpenDevice = _ => Device.Cpu(threads: 1);
        options.AskEvery = TimeSpan.FromMilliseconds(100);
        options.Version = args is [_, var version] ? version : options.Version;
    })
    .UseVptCluster(ClusterSettings.Load(args[0]), new SiloEndpoint { Address = System.Net.IPAddress.Loopback }));
using IHost host = builder.Build();
await host.StartAsync();
Console.WriteLine("ready");
await host.WaitForShutdownAsync();
