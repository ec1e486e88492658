using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VptDsl;
using VptDsl.Orleans;
using VptDsl.Orleans.TestSilo;

// A silo that makes tiny sweeps, to be killed by tests: the file of the cluster's settings, and the address that it is reached at.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
builder.UseOrleans(silo => silo
    .AddVptSweeps(new TinySweep(), options =>
    {
        options.OpenDevice = _ => Device.Cpu(threads: 1);
        options.AskEvery = TimeSpan.FromMilliseconds(100);
    })
    .UseVptCluster(ClusterSettings.Load(args[0]), new SiloEndpoint { Address = System.Net.IPAddress.Parse(args[1]) }));
using IHost host = builder.Build();
await host.StartAsync();
Console.WriteLine("ready");
await host.WaitForShutdownAsync();
