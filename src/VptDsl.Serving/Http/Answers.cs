using System.ComponentModel;
using System.Text.Json.Serialization;
using VptDsl.MultiTask;

namespace VptDsl.Serving.Http;

/// <summary>A task that may be asked.</summary>
internal sealed record TaskAnswer(
    string Name, IReadOnlyList<string> Classes, bool MultiLabel, string Declaration, string? Pipeline);

internal sealed record TasksAnswer(IReadOnlyList<TaskAnswer> Tasks);

internal sealed record ClassAnswer(string Class, float Probability);

/// <summary>What a task says of an image; the batch is how many images were computed with it.</summary>
internal sealed record PredictionAnswer(
    [property: JsonPropertyOrder(-2)] string Task, IReadOnlyList<ClassAnswer> Probabilities, int Batch, double Milliseconds)
{
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The most probable class; not there where the task's images can have several.")]
    public string? Class { get; init; }

    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The image's classes, those as probable as the threshold; there where the task's images can have several.")]
    public IReadOnlyList<string>? Classes { get; init; }

    public static PredictionAnswer Of(TaskPrediction prediction, ToldClasses told, TimeSpan elapsed)
    {
        ClassAnswer[] classes = [.. told.Of(prediction).Select(one => new ClassAnswer(one.ClassName, one.Probability))];
        var answer = new PredictionAnswer(prediction.Task, classes, prediction.Batch, elapsed.TotalMilliseconds);
        return prediction.IsMultiLabel
            ? answer with
            {
                Classes = [.. prediction.AtLeast(told.Threshold ?? TaskPrediction.UsualThreshold).Select(one => one.ClassName)],
            }
            : answer with { Class = prediction.ClassName };
    }
}

internal sealed record PredictionsAnswer(IReadOnlyList<PredictionAnswer> Predictions);

/// <summary>The queue now, and what has been computed since the start.</summary>
internal sealed record StatusAnswer(
    bool Ready, int Waiting, int MaxWaiting, int MaxBatch, int Tasks, long Batches, long Images, double DeviceSeconds);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TasksAnswer))]
[JsonSerializable(typeof(PredictionAnswer))]
[JsonSerializable(typeof(PredictionsAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
