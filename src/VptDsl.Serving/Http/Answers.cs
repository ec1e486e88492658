using System.Text.Json.Serialization;
using VptDsl.MultiTask;

namespace VptDsl.Serving.Http;

/// <summary>A task that may be asked.</summary>
internal sealed record TaskAnswer(string Name, IReadOnlyList<string> Classes, string Declaration, string? Pipeline);

internal sealed record TasksAnswer(IReadOnlyList<TaskAnswer> Tasks);

internal sealed record ClassAnswer(string Class, float Probability);

/// <summary>What a task says of an image; the batch is how many images were computed with it.</summary>
internal sealed record PredictionAnswer(string Task, string Class, IReadOnlyList<ClassAnswer> Probabilities, int Batch, double Milliseconds)
{
    public static PredictionAnswer Of(TaskPrediction prediction, int top, TimeSpan elapsed)
    {
        ClassAnswer[] classes = [.. prediction.Top(top).Select(best => new ClassAnswer(best.ClassName, best.Probability))];
        return new(prediction.Task, classes[0].Class, classes, prediction.Batch, elapsed.TotalMilliseconds);
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
