using OpenTelemetry.Metrics;
using TaskServer;
using VptDsl;
using VptDsl.Serving;

// Beside the program, so that it runs from any folder.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
IServiceCollection services = builder.Services;
services.AddSingleton(new Backbone(Path.Combine(AppContext.BaseDirectory, "data")));
services.AddSingleton<Examples>();
services.AddSingleton(_ => DeviceOption.Open(builder.Configuration["Device"]));
services.AddVptDslTasks(
    provider => ServedModel.Load(provider.GetRequiredService<Device>(), provider.GetRequiredService<Backbone>().File, seed: 0),
    options =>
    {
        options.TaskFolder = Path.Combine(AppContext.BaseDirectory, "tasks");
        builder.Configuration.GetSection("Tasks").Bind(options);
        Directory.CreateDirectory(options.TaskFolder);
    });
services.AddHostedService<FirstTasks>();
services.AddOpenApi();
services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter(TaskServing.MeterName).AddAspNetCoreInstrumentation().AddPrometheusExporter());

WebApplication app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapVptDslTasks();
app.MapVptDslHealth();
app.MapOpenApi();
app.MapPrometheusScrapingEndpoint("/metrics");
app.MapGet("/examples/{task}/{index:int}.png", (string task, int index, Examples examples) =>
    examples.Png(task, index) is { } png ? Results.File(png, "image/png") : Results.NotFound()).ExcludeFromDescription();
app.Run();
