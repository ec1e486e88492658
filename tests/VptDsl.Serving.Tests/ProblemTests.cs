using System.Net;
using System.Text;
using VptDsl.Data;

namespace VptDsl.Serving.Tests;

/// <summary>Protects callers from errors that do not say what to do, and the server from requests that take too much.</summary>
public sealed class ProblemTests
{
    private static readonly byte[] Image = TestTasks.Instance.Images[0];

    [Theory]
    [InlineData("/v1/tasks/nothing/predict", "nothing")]
    [InlineData("/v1/predict?task=task0&task=none", "none")]
    public async Task A_task_that_is_not_there_is_404(string path, string named)
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.ProblemAsync(HttpStatusCode.NotFound, await server.PostAsync(path, Image), says: named);
    }

    [Theory]
    [InlineData("/v1/tasks/task0/predict?top=0", "top")]
    [InlineData("/v1/tasks/task0/predict?top=many", "top")]
    [InlineData("/v1/predict?task=task0&task=task0", "once")]
    [InlineData("/v1/ensemble", "1 to")]
    public async Task A_query_that_makes_no_sense_is_400(string path, string said)
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.ProblemAsync(HttpStatusCode.BadRequest, await server.PostAsync(path, Image), says: said);
    }

    [Fact]
    public async Task More_tasks_than_may_be_asked_are_400()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxTasksPerRequest = 2);
        await TestServer.ProblemAsync(HttpStatusCode.BadRequest, await server.PostAsync("/v1/predict", Image), says: "1 to 2");
    }

    [Fact]
    public async Task A_broken_image_is_400()
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.ProblemAsync(
            HttpStatusCode.BadRequest, await server.PostAsync("/v1/tasks/task0/predict", Image[..^40]), says: "cut off");
        await TestServer.ProblemAsync(HttpStatusCode.BadRequest, await server.PostAsync("/v1/tasks/task0/predict", []), says: "empty");
    }

    [Fact]
    public async Task A_form_without_a_file_or_that_is_none_is_400()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("no file"), "comment" } };
        await TestServer.ProblemAsync(
            HttpStatusCode.BadRequest, await server.Client.PostAsync("/v1/tasks/task0/predict", form), says: "no file");
        await TestServer.ProblemAsync(
            HttpStatusCode.BadRequest, await server.PostAsync("/v1/tasks/task0/predict", Image, "multipart/form-data; boundary=x"),
            says: "form");
        await TestServer.ProblemAsync(
            HttpStatusCode.BadRequest, await server.PostAsync("/v1/tasks/task0/predict", Image, "multipart/form-data"), says: "boundary");
    }

    [Theory]
    [InlineData(70, true)]
    [InlineData(71, false)]
    [InlineData(5000, false)]
    public async Task A_forms_boundary_of_more_than_70_characters_is_400(int length, bool isRead)
    {
        await using TestServer server = await TestServer.StartAsync();
        string boundary = new('b', length);
        byte[] form =
        [
            .. Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=a; filename=a.png\r\n\r\n"),
            .. Image,
            .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        using HttpResponseMessage response =
            await server.PostAsync("/v1/tasks/task0/predict", form, $"multipart/form-data; boundary={boundary}");
        if (isRead)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            await TestServer.ProblemAsync(HttpStatusCode.BadRequest, response, says: $"boundary has {length} characters");
        Assert.Empty(server.Log.Warnings);
    }

    [Theory]
    [InlineData("application/json", "{}", "application/json")]
    [InlineData("image/png", "%PDF-1.7 and so on", "PDF")]
    [InlineData("image/jpeg", "<html></html>", "web page")]
    [InlineData("image/jpeg", "no image at all", "JPEG")]
    public async Task What_is_no_image_is_415(string type, string body, string said)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage refused = await server.PostAsync("/v1/tasks/task0/predict", Encoding.ASCII.GetBytes(body), type);
        await TestServer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, refused, says: said);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_too_long_is_413_whether_it_says_so_or_not(bool isChunked)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxImageBytes = Image.Length - 1);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks/task0/predict") { Content = new ByteArrayContent(Image) };
        if (isChunked)
        {
            request.Headers.TransferEncodingChunked = true;
            request.Content = new StreamContent(new Unsized(Image));
        }

        await TestServer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, await server.Client.SendAsync(request), says: "bytes");
    }

    [Fact]
    public async Task A_form_whose_file_is_too_long_is_413()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxImageBytes = Image.Length - 1);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Image), "file", "a.png" } };
        await TestServer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, await server.Client.PostAsync("/v1/tasks/task0/predict", form));
    }

    /// <summary>As many bytes as can be said, for no limit at all.</summary>
    [Fact]
    public async Task A_form_is_read_whatever_the_limit_of_bytes_is()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxImageBytes = int.MaxValue);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Image), "file", "a.png" } };
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync("/v1/tasks/task0/predict", form)).StatusCode);
    }

    [Fact]
    public async Task Too_many_pixels_are_413_before_any_is_decoded()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxImagePixels = (12 * 10) - 1);
        // Cut off: decoding it would be 400.
        await TestServer.ProblemAsync(
            HttpStatusCode.RequestEntityTooLarge, await server.PostAsync("/v1/tasks/task0/predict", Image[..^40]), says: "12×10");
    }

    [Fact]
    public async Task An_ensemble_of_tasks_with_other_classes_is_422()
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.ProblemAsync(
            HttpStatusCode.UnprocessableEntity, await server.PostAsync("/v1/ensemble?task=task0&task=task2", Image), says: "classes");
    }

    [Fact]
    public async Task A_task_whose_numbers_overflow_is_500_that_names_it_and_no_class()
    {
        await using TestServer server = await TestServer.StartAsync();
        using (Device device = Device.Cpu(threads: 1))
        using (Tuner tuner = TestTasks.Instance.Load(device))
        {
            tuner.LoadTask(server.FileOf("task0"));
            tuner.Pipeline = new ImagePipeline(new Normalization(mean: 0, deviation: 1e-40f)).Resize(8);
            tuner.SaveTask(server.FileOf("glaring"));
        }

        await TestServer.Eventually(async () => (await server.PredictAsync("glaring")).StatusCode != HttpStatusCode.NotFound);
        foreach (string path in new[] { "/v1/tasks/glaring/predict", "/v1/predict", "/v1/ensemble?task=glaring&task=task0" })
        {
            await TestServer.ProblemAsync(
                HttpStatusCode.InternalServerError, await server.PostAsync(path, Image), says: "the task \"glaring\"");
        }

        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task0")).StatusCode);
    }

    [Fact]
    public async Task A_full_queue_is_429_and_says_when_to_come_again()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Batching = new() { MaxWaiting = 1, MaxBatch = 1 });
        server.HoldDevice();
        Task<HttpResponseMessage> computed = server.PredictAsync("task0");
        await TestServer.Eventually(async () =>
            (await TestServer.JsonAsync(await server.Client.GetAsync("/v1/status"))).GetProperty("batches").GetInt32() == 1);
        Task<HttpResponseMessage> waiting = server.PredictAsync("task1");
        await server.WaitingAsync(1);
        using HttpResponseMessage refused = await server.PredictAsync("task2");
        await TestServer.ProblemAsync(HttpStatusCode.TooManyRequests, refused, says: "waiting");
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        server.ReleaseDevice();
        Assert.Equal(HttpStatusCode.OK, (await computed).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [Fact]
    public async Task More_requests_at_once_than_may_be_are_429()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxConcurrentRequests = 1);
        server.HoldDevice();
        Task<HttpResponseMessage> first = server.PredictAsync("task0");
        await TestServer.Eventually(async () =>
            (await TestServer.JsonAsync(await server.Client.GetAsync("/v1/status"))).GetProperty("batches").GetInt32() == 1);
        using HttpResponseMessage refused = await server.PredictAsync("task0");
        await TestServer.ProblemAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.NotNull(refused.Headers.RetryAfter);
        server.ReleaseDevice();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task0")).StatusCode);
    }

    [Fact]
    public async Task Each_task_has_its_own_rate()
    {
        await using TestServer server = await TestServer.StartAsync(
            options => options.TaskRateLimits["task1"] = new() { Burst = 2, Images = 1, Period = TimeSpan.FromHours(1) });
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task1")).StatusCode);
        using HttpResponseMessage refused = await server.PostAsync("/v1/predict?task=task0&task=task1", Image);
        await TestServer.ProblemAsync(HttpStatusCode.TooManyRequests, refused, says: "task1");
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task0")).StatusCode);
    }

    /// <summary>Whoever asks all tasks in vain must not keep others from those that were not asked.</summary>
    [Fact]
    public async Task A_request_that_is_refused_spends_no_tasks_rate()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.MaxConcurrentRequests = 1;
            options.RateLimit = new() { Burst = 1, Images = 1, Period = TimeSpan.FromHours(1) };
        });
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task1")).StatusCode);
        using HttpResponseMessage askedTooOften = await server.PostAsync("/v1/predict?task=task0&task=task1", Image);
        await TestServer.ProblemAsync(HttpStatusCode.TooManyRequests, askedTooOften, says: "task1");

        server.HoldDevice();
        Task<HttpResponseMessage> first = server.PredictAsync("task0");
        await server.BatchesAsync(2);
        await TestServer.ProblemAsync(HttpStatusCode.TooManyRequests, await server.PredictAsync("task2"), says: "under way");
        server.ReleaseDevice();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync("task2")).StatusCode);
    }

    /// <summary>A stream that does not tell its length.</summary>
    private sealed class Unsized(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
