using System.Net;
using System.Text.Json;

namespace VptDsl.Serving.Tests;

/// <summary>Protects callers from answers that are not the task's own.</summary>
public sealed class PredictionTests
{
    [Fact]
    public async Task Each_of_many_requests_at_once_gets_what_its_task_says_alone_to_the_bit()
    {
        await using TestServer server = await TestServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 48).Select(async i =>
        {
            (string task, int image) = (TestTasks.Names[i % TestTasks.Count], i % TestTasks.ImageCount);
            using HttpResponseMessage response = await server.PredictAsync(task, image);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            JsonElement answer = await TestServer.JsonAsync(response);
            Assert.Equal(task, answer.GetProperty("task").GetString());
            Assert.Equal(TestTasks.Instance.Expected(task, image), TestServer.Probabilities(answer));
        }));
    }

    [Theory]
    [InlineData("?task=task2&task=task0", "task2 task0")]
    [InlineData("", "task0 task1 task2")]
    public async Task Several_tasks_are_asked_in_one_batch(string query, string tasks)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.PostAsync("/v1/predict" + query, TestTasks.Instance.Images[1]);
        JsonElement[] answers = [.. (await TestServer.JsonAsync(response)).GetProperty("predictions").EnumerateArray()];
        string[] names = tasks.Split(' ');
        Assert.Equal(names, answers.Select(answer => answer.GetProperty("task").GetString()));
        foreach ((string name, JsonElement answer) in names.Zip(answers))
        {
            Assert.Equal(TestTasks.Instance.Expected(name, 1), TestServer.Probabilities(answer));
            Assert.Equal(names.Length, answer.GetProperty("batch").GetInt32());
        }
    }

    [Fact]
    public async Task An_ensemble_is_the_mean_of_its_tasks()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.PostAsync("/v1/ensemble?task=task0&task=task1", TestTasks.Instance.Images[2]);
        float[] mean =
        [
            .. TestTasks.Instance.Expected("task0", 2).Zip(TestTasks.Instance.Expected("task1", 2))
                .Select(pair => new[] { pair.First, pair.Second }.Average()),
        ];
        JsonElement answer = await TestServer.JsonAsync(response);
        Assert.Equal("task0+task1", answer.GetProperty("task").GetString());
        Assert.Equal(mean, TestServer.Probabilities(answer));
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    [InlineData("form")]
    public async Task An_image_comes_as_a_body_or_in_a_form(string? type)
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] image = TestTasks.Instance.Images[0];
        using var form = new MultipartFormDataContent
        {
            { new StringContent("no file"), "comment" },
            { new ByteArrayContent(image), "file", "a.png" },
        };
        using HttpResponseMessage response = type == "form"
            ? await server.Client.PostAsync("/v1/tasks/task0/predict", form)
            : await server.PostAsync("/v1/tasks/task0/predict", image, type);
        Assert.Equal(TestTasks.Instance.Expected("task0", 0), TestServer.Probabilities(await TestServer.JsonAsync(response)));
    }

    [Fact]
    public async Task The_most_probable_classes_come_first_and_as_many_as_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.PostAsync("/v1/tasks/task2/predict?top=2", TestTasks.Instance.Images[0]);
        JsonElement answer = await TestServer.JsonAsync(response);
        float[] expected = TestTasks.Instance.Expected("task2", 0);
        float[] told =
            [.. answer.GetProperty("probabilities").EnumerateArray().Select(entry => entry.GetProperty("probability").GetSingle())];
        Assert.Equal(expected.OrderDescending().Take(2), told);
        Assert.Equal("xyz"[Array.IndexOf(expected, told[0])].ToString(), answer.GetProperty("class").GetString());
    }

    [Fact]
    public async Task Tasks_and_the_queue_are_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage predicted = await server.PredictAsync("task0");
        JsonElement tasks = await TestServer.JsonAsync(await server.Client.GetAsync("/v1/tasks"));
        JsonElement last = tasks.GetProperty("tasks").EnumerateArray().Last();
        Assert.Equal("task2", last.GetProperty("name").GetString());
        Assert.Equal(["x", "y", "z"], last.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        JsonElement status = await TestServer.JsonAsync(await server.Client.GetAsync("/v1/status"));
        Assert.Equal([3, 0, 1], new[] { "tasks", "waiting", "images" }.Select(name => status.GetProperty(name).GetInt32()));
    }
}
