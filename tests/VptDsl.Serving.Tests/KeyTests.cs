using System.Net;
using System.Text.Json;

namespace VptDsl.Serving.Tests;

/// <summary>Protects tasks from those who may not ask them.</summary>
public sealed class KeyTests
{
    private static readonly Action<TaskServingOptions> TwoKeys = options => options.ApiKeys =
    [
        new() { Name = "one", Sha256 = ApiKey.HashOf("key of one"), Tasks = ["task[0]", "*1"] },
        new() { Name = "all", Sha256 = ApiKey.HashOf("key of all").ToUpperInvariant(), Tasks = ["*"] },
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("key of nobody")]
    public async Task Without_a_valid_key_there_is_nothing_but_health(string? key)
    {
        await using TestServer server = await StartAsync(key);
        using HttpResponseMessage refused = await server.PredictAsync("task0");
        await TestServer.ProblemAsync(HttpStatusCode.Unauthorized, refused, says: "X-Api-Key");
        Assert.NotEmpty(refused.Headers.WwwAuthenticate);
        foreach (string path in new[] { "/v1/tasks", "/v1/status" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task A_key_opens_its_tasks_and_tells_of_no_others()
    {
        await using TestServer server = await StartAsync("key of one");
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task1")).StatusCode);
        foreach (string other in new[] { "task0", "task2", "none" })
            await TestServer.ProblemAsync(HttpStatusCode.Forbidden, await server.PredictAsync(other), says: other);
        await TestServer.ProblemAsync(
            HttpStatusCode.Forbidden, await server.PostAsync("/v1/predict?task=task1&task=task0", TestTasks.Instance.Images[0]));
        Assert.Equal(["task1"], await TasksAsync(server));
        JsonElement all = await TestServer.JsonAsync(await server.PostAsync("/v1/predict", TestTasks.Instance.Images[0]));
        Assert.Single(all.GetProperty("predictions").EnumerateArray());
    }

    [Fact]
    public async Task A_key_may_open_all_tasks()
    {
        await using TestServer server = await StartAsync("key of all");
        Assert.Equal(TestTasks.Names, await TasksAsync(server));
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task2")).StatusCode);
    }

    [Fact]
    public async Task Who_needs_no_key_for_tasks_is_nobody_to_other_endpoints()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task0")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.GetAsync("/own")).StatusCode);
    }

    [Fact]
    public async Task Each_key_has_its_own_rate()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            TwoKeys(options);
            options.RateLimit = new() { Burst = 1, Images = 1, Period = TimeSpan.FromHours(1) };
        });
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK],
            [await AskAsync("key of one"), await AskAsync("key of one"), await AskAsync("key of all")]);

        async Task<HttpStatusCode> AskAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks/task1/predict")
            {
                Content = new ByteArrayContent(TestTasks.Instance.Images[0]),
                Headers = { { "X-Api-Key", key } },
            };
            return (await server.Client.SendAsync(request)).StatusCode;
        }
    }

    private static async Task<TestServer> StartAsync(string? key)
    {
        TestServer server = await TestServer.StartAsync(TwoKeys);
        if (key is not null)
            server.Client.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key);
        return server;
    }

    private static async Task<string[]> TasksAsync(TestServer server)
    {
        JsonElement answer = await TestServer.JsonAsync(await server.Client.GetAsync("/v1/tasks"));
        return [.. answer.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("name").GetString()!)];
    }
}
