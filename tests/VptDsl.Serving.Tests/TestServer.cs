using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VptDsl.MultiTask;

namespace VptDsl.Serving.Tests;

/// <summary>A server of a folder that has the test's tasks, in this process.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan Hanging = TimeSpan.FromMinutes(10);

    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly ManualResetEventSlim _deviceIsFree = new(initialState: true);

    private TestServer(Action<TaskServingOptions>? configure, bool isKestrel, Func<Device, Tuner>? load)
    {
        foreach (string task in TestTasks.Names)
            Put(task, File.ReadAllBytes(TestTasks.Instance.FileOf(task)));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log);
        if (isKestrel)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        builder.Services.AddVptDslTasks(_ => (load ?? TestTasks.Instance.Load)(_device), options =>
        {
            options.TaskFolder = Folder.FullName;
            options.PollInterval = TimeSpan.FromMilliseconds(20);
            configure?.Invoke(options);
            options.Batching = options.Batching with { BatchCompleted = _ => _deviceIsFree.Wait() };
        });
        builder.Services.AddOpenApi();
        App = builder.Build();
        App.MapOpenApi();
        App.MapVptDslTasks();
        App.MapVptDslHealth();
        App.MapGet("/own", () => "for somebody").RequireAuthorization();
    }

    public WebApplication App { get; }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("vptdsl-served-");

    public TestLog Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public static async Task<TestServer> StartAsync(
        Action<TaskServingOptions>? configure = null, bool isKestrel = false, Func<Device, Tuner>? load = null, bool waits = true)
    {
        var server = new TestServer(configure, isKestrel, load);
        await server.App.StartAsync();
        server.Client = isKestrel ? new HttpClient { BaseAddress = new Uri(server.App.Urls.Single()) } : server.App.GetTestClient();
        server.Client.Timeout = Hanging;
        if (waits)
            await Eventually(async () => (await server.Client.GetAsync("/readyz")).IsSuccessStatusCode);
        return server;
    }

    /// <summary>Waits until something is so, however slow the machine is.</summary>
    public static async Task Eventually(Func<Task<bool>> isSo)
    {
        using var hanging = new CancellationTokenSource(Hanging);
        while (!await isSo())
            await Task.Delay(5, hanging.Token);
    }

    /// <summary>Holds the device after its next batch, which is not answered before <see cref="ReleaseDevice"/>.</summary>
    public void HoldDevice() => _deviceIsFree.Reset();

    public void ReleaseDevice() => _deviceIsFree.Set();

    /// <summary>Puts a whole file in a task's place at once.</summary>
    public void Put(string task, byte[] content)
    {
        string written = FileOf(task) + ".new";
        File.WriteAllBytes(written, content);
        File.Move(written, FileOf(task), overwrite: true);
    }

    public string FileOf(string task) => Path.Combine(Folder.FullName, task + ".safetensors");

    public Task<HttpResponseMessage> PostAsync(
        string path, byte[] image, string? type = "image/png", CancellationToken cancellation = default)
    {
        var content = new ByteArrayContent(image);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return Client.PostAsync(path, content, cancellation);
    }

    public Task<HttpResponseMessage> PredictAsync(string task, int image = 0, CancellationToken cancellation = default) =>
        PostAsync($"/v1/tasks/{task}/predict?top=3", TestTasks.Instance.Images[image], cancellation: cancellation);

    public Task WaitingAsync(int images) => Eventually(async () => App.Services.GetRequiredService<Hosting.TaskHost>()
        .TryGetModel(out MultiTaskModel? model) && await Task.FromResult(model.Waiting) == images);

    /// <summary>Waits until so many batches have been computed.</summary>
    public Task BatchesAsync(int batches) => Eventually(async () =>
        (await JsonAsync(await Client.GetAsync("/v1/status"))).GetProperty("batches").GetInt32() == batches);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    /// <summary>The probabilities of an answer, in the order of the classes.</summary>
    public static float[] Probabilities(JsonElement prediction) =>
    [
        .. prediction.GetProperty("probabilities").EnumerateArray()
            .OrderBy(entry => entry.GetProperty("class").GetString(), StringComparer.Ordinal)
            .Select(entry => entry.GetProperty("probability").GetSingle()),
    ];

    /// <summary>Requires problem details with a status and a text.</summary>
    public static async Task ProblemAsync(HttpStatusCode status, HttpResponseMessage response, string says = "")
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseDevice();
        await App.StopAsync();
        await App.DisposeAsync();
        Client.Dispose();
        _device.Dispose();
        _deviceIsFree.Dispose();
        Folder.Delete(recursive: true);
    }
}
