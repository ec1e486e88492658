using System.Net;
using System.Text.Json;
using VptDsl.Data;
using VptDsl.MultiTask;
using VptDsl.Tasks;
using VptDsl.Training;

namespace VptDsl.Serving.Tests;

/// <summary>
/// Protects callers of tasks whose images can have several classes: each class has its own probability, beside tasks of the other kind and
/// whichever of the two kinds the served model declares.
/// </summary>
public sealed class MultiLabelTests : IDisposable
{
    private const string Tags = "tags";

    private static readonly string[] Names = ["calm", "dark", "round"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-tags-");
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly float[][] _expected;

    public MultiLabelTests()
    {
        using TinyTags tuner = TinyTags.Load(_device, TestTasks.Instance.BackboneFile, seed: 9);
        tuner.Fit(Set(), options: new FitOptions { Epochs = 2, BatchSize = 8, BaseLearningRate = 2, Progress = ProgressDisplay.Off });
        tuner.Pipeline = new ImagePipeline(new Normalization(mean: 0.45f, deviation: 0.25f)).Resize(8);
        tuner.SaveTask(File);
        _expected = [.. TestTasks.Instance.Images.Select(image => tuner.Predict(image))];
    }

    public static TheoryData<bool> Kinds => [false, true];

    private string File => Path.Combine(_folder.FullName, Tags + ".safetensors");

    public void Dispose()
    {
        _device.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Both_kinds_answer_in_one_batch_what_they_say_alone_to_the_bit(bool declaresSeveral)
    {
        using MultiTaskModel model = Open(declaresSeveral);
        byte[] image = TestTasks.Instance.Images[1];

        IReadOnlyList<TaskPrediction> answers = await model.PredictEachAsync(image, ["task0", Tags, "task2"]);

        Assert.All(answers, answer => Assert.Equal(3, answer.Batch));
        Assert.Equal([false, true, false], answers.Select(answer => answer.IsMultiLabel));
        Assert.Equal(TestTasks.Instance.Expected("task0", 1), answers[0].Probabilities);
        Assert.Equal(_expected[1], answers[1].Probabilities);
        Assert.Equal(TestTasks.Instance.Expected("task2", 1), answers[2].Probabilities);
        Assert.Equal(1, answers[0].Probabilities.Sum(), 1e-5);
        Assert.True(model.Tasks.Single(task => task.Name == Tags).IsMultiLabel);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => model.PredictEnsembleAsync(image, ["task0", Tags]));
        Assert.Contains("the other can have several", error.Message, StringComparison.Ordinal);
        model.Load("more", File);
        TaskPrediction both = await model.PredictEnsembleAsync(image, [Tags, "more"]);
        Assert.True(both.IsMultiLabel);
        Assert.Equal(_expected[1], both.Probabilities);
    }

    [Theory]
    [InlineData("", new[] { 0.9f, 0.7f, 0.4f })]
    [InlineData("?top=1", new[] { 0.9f })]
    [InlineData("?threshold=0.5", new[] { 0.9f, 0.7f })]
    [InlineData("?threshold=0.3", new[] { 0.9f, 0.7f, 0.4f })]
    [InlineData("?threshold=0.3&top=2", new[] { 0.9f, 0.7f })]
    [InlineData("?threshold=1", new float[0])]
    public void Thresholds_and_numbers_of_classes_are_those_of_vpt_predict(string query, float[] told)
    {
        var request = new Microsoft.AspNetCore.Http.DefaultHttpContext().Request;
        request.QueryString = new Microsoft.AspNetCore.Http.QueryString(query);
        var prediction = new TaskPrediction(Tags, [0.7f, 0.4f, 0.9f], [.. Names]) { IsMultiLabel = true };

        Assert.Equal(told, Http.ToldClasses.Of(request).Of(prediction).Select(one => one.Probability));
    }

    [Fact]
    public void A_prediction_says_in_words_what_it_is()
    {
        var prediction = new TaskPrediction(Tags, [0.75f, 0.25f, 0.5f], [.. Names]) { IsMultiLabel = true };

        Assert.Equal("tags: calm with 75.0 %, round with 50.0 %", prediction.ToString());
        Assert.Equal("tags: no class", (prediction with { Probabilities = [0, 0, 0] }).ToString());
        Assert.Equal(["calm", "round", "dark"], prediction.AtLeast(0).Select(one => one.ClassName));
        Assert.Empty(prediction.AtLeast(float.NaN));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_server_tells_the_classes_of_an_image_and_says_so_in_its_description(bool declaresSeveral)
    {
        await using TestServer server = await TestServer.StartAsync(load: device => Load(device, declaresSeveral));
        server.Put(Tags, System.IO.File.ReadAllBytes(File));
        await TestServer.Eventually(async () => (await server.PredictAsync(Tags)).IsSuccessStatusCode);
        float least = _expected[2].Order().ElementAt(1);

        JsonElement answer = await AskAsync(server, FormattableString.Invariant($"/v1/tasks/{Tags}/predict?threshold={least:F9}"));
        JsonElement[] each =
            [.. (await AskAsync(server, $"/v1/predict?task=task0&task={Tags}")).GetProperty("predictions").EnumerateArray()];
        JsonElement tasks = await TestServer.JsonAsync(await server.Client.GetAsync("/v1/tasks"));

        string[] expected = [.. Names.Zip(_expected[2]).Where(pair => pair.Second >= least).OrderByDescending(pair => pair.Second)
            .Select(pair => pair.First)];
        Assert.Equal(expected, answer.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(expected, answer.GetProperty("probabilities").EnumerateArray().Select(one => one.GetProperty("class").GetString()));
        Assert.False(answer.TryGetProperty("class", out _));
        PageOfServingTests.AssertShown(answer);
        Assert.Equal(_expected[2], TestServer.Probabilities(each[1]));
        Assert.False(each[0].TryGetProperty("classes", out _));
        Assert.Equal(
            [Tags], tasks.GetProperty("tasks").EnumerateArray().Where(task => task.GetProperty("multiLabel").GetBoolean())
                .Select(task => task.GetProperty("name").GetString()));
        await TestServer.ProblemAsync(
            HttpStatusCode.UnprocessableEntity,
            await server.PostAsync($"/v1/ensemble?task=task0&task={Tags}", TestTasks.Instance.Images[2]), says: "one kind");
        foreach (string odd in new[] { "1.5", "-1", "0,5", "NaN", "much" })
        {
            await TestServer.ProblemAsync(
                HttpStatusCode.BadRequest, await server.PostAsync($"/v1/predict?threshold={odd}", TestTasks.Instance.Images[2]),
                says: "threshold");
        }

        string description = await server.Client.GetStringAsync("/openapi/v1.json");
        JsonElement schema = JsonDocument.Parse(description).RootElement.GetProperty("components").GetProperty("schemas")
            .GetProperty("PredictionAnswer");
        Assert.Contains("threshold", schema.GetProperty("properties").GetProperty("classes").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("class", schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains("The least probability of a class that is told", description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_file_says_which_kind_it_is()
    {
        Assert.True(TaskFile.Inspect(File).IsMultiLabel);
        Assert.False(TaskFile.Inspect(TestTasks.Instance.FileOf("task0")).IsMultiLabel);
    }

    private static async Task<JsonElement> AskAsync(TestServer server, string path)
    {
        using HttpResponseMessage response = await server.PostAsync(path, TestTasks.Instance.Images[2]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TestServer.JsonAsync(response);
    }

    private static Tuner Load(Device device, bool declaresSeveral) => declaresSeveral
        ? TinyTags.Load(device, TestTasks.Instance.BackboneFile, seed: 0)
        : TestTasks.Instance.Load(device);

    private static MultiLabelImages Set()
    {
        var random = new RandomStream(4);
        float[] images = new float[16 * 64];
        foreach (ref float value in images.AsSpan())
            value = random.NextNormal();
        ImageSet pixels = ImageSet.FromFloats(new ImageShape(1, 8, 8), images, new int[16], ["any"]);
        return new MultiLabelImages(
            pixels, Names, [.. Enumerable.Range(0, 16).Select(i => new[] { 0, 1, 2 }.Where(label => (i >> label & 1) == 1).ToArray())]);
    }

    private MultiTaskModel Open(bool declaresSeveral)
    {
        var model = new MultiTaskModel(Load(_device, declaresSeveral));
        foreach (string task in TestTasks.Names)
            model.Load(task, TestTasks.Instance.FileOf(task));
        model.Load(Tags, File);
        return model;
    }
}
