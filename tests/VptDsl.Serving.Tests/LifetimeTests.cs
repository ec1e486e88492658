using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace VptDsl.Serving.Tests;

/// <summary>Protects callers when a server starts and stops, and the device from callers who have gone.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task Until_the_backbone_is_loaded_the_server_lives_and_is_not_ready()
    {
        using var loading = new ManualResetEventSlim();
        await using TestServer server = await TestServer.StartAsync(waits: false, load: device =>
        {
            loading.Wait();
            return TestTasks.Instance.Load(device);
        });
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/readyz")).StatusCode);
        using HttpResponseMessage early = await server.PredictAsync("task0");
        await TestServer.ProblemAsync(HttpStatusCode.ServiceUnavailable, early, says: "loaded");
        Assert.NotNull(early.Headers.RetryAfter);
        loading.Set();
        await TestServer.Eventually(async () => (await server.Client.GetAsync("/readyz")).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task0")).StatusCode);
    }

    [Fact]
    public async Task A_stop_answers_what_waits()
    {
        await using TestServer server = await TestServer.StartAsync(
            options => options.Batching = new() { MaxBatch = 1 }, isKestrel: true);
        server.HoldDevice();
        Task<HttpResponseMessage>[] requests = [.. TestTasks.Names.Select(task => server.PredictAsync(task, image: 3))];
        await server.BatchesAsync(1);
        await server.WaitingAsync(2);
        var lifetime = server.App.Services.GetRequiredService<IHostApplicationLifetime>();
        Task stop = server.App.StopAsync();
        await TestServer.Eventually(() => Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested));
        server.ReleaseDevice();
        foreach ((string task, Task<HttpResponseMessage> request) in TestTasks.Names.Zip(requests))
        {
            using HttpResponseMessage response = await request;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(TestTasks.Instance.Expected(task, 3), TestServer.Probabilities(await TestServer.JsonAsync(response)));
        }

        await stop;
    }

    [Fact]
    public async Task What_comes_while_the_server_stops_is_503()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await TestServer.ProblemAsync(HttpStatusCode.ServiceUnavailable, await server.PredictAsync("task0"), says: "stopping");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task Who_has_gone_takes_no_place_in_the_queue()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Batching = new() { MaxBatch = 1 });
        server.HoldDevice();
        Task<HttpResponseMessage> computed = server.PredictAsync("task0");
        await server.BatchesAsync(1);
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage> left = server.PredictAsync("task1", cancellation: leaving.Token);
        await server.WaitingAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await server.WaitingAsync(0);
        server.ReleaseDevice();
        Assert.Equal(HttpStatusCode.OK, (await computed).StatusCode);
    }

    [Fact]
    public async Task Options_that_make_no_sense_keep_the_host_from_starting_and_are_all_named()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.StartAsync(options =>
        {
            options.TaskFolder = "no-such-folder";
            options.MaxImageBytes = 0;
            options.RateLimit = new() { Burst = 0 };
            options.Batching = new() { MaxBatch = 0, MaxWaiting = -1, TaskMemoryBytes = -1, BatchDelay = TimeSpan.FromHours(1) };
            options.ApiKeys = [new() { Name = "a", Sha256 = "secret" }, new() { Name = "a", Sha256 = ApiKey.HashOf("b") }];
        }));
        string[] named =
        [
            "no-such-folder", "MaxImageBytes", "RateLimit.Burst", "Batching.MaxBatch", "Batching.MaxWaiting", "Batching.TaskMemoryBytes",
            "Batching.BatchDelay", "ApiKeys[0].Sha256", "ApiKeys[1].Name",
        ];
        foreach (string name in named)
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 9, 8)]
    [InlineData(9, 8, 8)]
    public void A_request_of_the_most_tasks_has_room_to_wait(int tasks, int waiting, int most) => Assert.Equal(
        most, new TaskServingOptions { MaxTasksPerRequest = tasks, Batching = new() { MaxWaiting = waiting } }.TasksOfRequest);

    /// <summary>In JSON null is a word, which is easily left behind; keys that go with it would open the server to everybody.</summary>
    [Theory]
    [InlineData("""{ "Batching": null }""", "Batching is null")]
    [InlineData("""{ "TaskRateLimits": null }""", "TaskRateLimits is null")]
    [InlineData("""{ "TaskRateLimits": { "flowers": null } }""", "TaskRateLimits[flowers] is null")]
    [InlineData("""{ "ApiKeys": null }""", "ApiKeys is null")]
    [InlineData("""{ "ApiKeys": [ null ] }""", "ApiKeys[0] is null")]
    [InlineData("""{ "ApiKeys": [ { "Name": null } ] }""", "ApiKeys[0].Name is empty")]
    [InlineData("""{ "ApiKeys": [ { "Name": "a", "Sha256": null } ] }""", "ApiKeys[0].Sha256 is no SHA-256")]
    [InlineData("""{ "ApiKeys": [ { "Name": "a", "Tasks": null } ] }""", "ApiKeys[0].Tasks is null")]
    [InlineData("""{ "ApiKeys": [ { "Name": "a", "Tasks": [ null ] } ] }""", "ApiKeys[0].Tasks has a null")]
    public void What_is_null_is_named(string json, string named)
    {
        TaskServingOptions options = JsonSerializer.Deserialize<TaskServingOptions>(json)!;
        options.TaskFolder = ".";
        Assert.Contains(named, new TaskServingOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    /// <summary>What starts a service again when it has failed looks at nothing but its exit code.</summary>
    [Fact]
    public async Task A_model_that_cannot_be_served_is_disposed_of_and_the_host_stops_as_one_that_has_failed()
    {
        Tuner? segmenter = null;
        using var started = new ManualResetEventSlim();
        try
        {
            await using TestServer server = await TestServer.StartAsync(waits: false, load: device =>
            {
                started.Wait();
                return segmenter = TinySegmenter.Create(device, seed: 1);
            });
            started.Set();
            var lifetime = server.App.Services.GetRequiredService<IHostApplicationLifetime>();
            await TestServer.Eventually(() => Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested));
            Assert.Throws<ObjectDisposedException>(() => segmenter!.Predict(new float[64]));
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            // It is the test's own process that would end so.
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public async Task Who_is_told_to_stop_while_the_backbone_is_loaded_has_not_failed()
    {
        using var loading = new ManualResetEventSlim();
        await using TestServer server = await TestServer.StartAsync(waits: false, load: _ =>
        {
            loading.Wait();
            throw new IOException("The share with the backbone has gone.");
        });
        server.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        loading.Set();
        await server.App.StopAsync();
        Assert.Equal(0, Environment.ExitCode);
    }
}
