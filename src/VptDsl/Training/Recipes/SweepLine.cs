using System.Text.Json;
using System.Text.Json.Serialization;

namespace VptDsl.Training.Recipes;

/// <summary>A line of a results file: the sweep itself, a trial or a final run. As JSON it keeps every bit of a number.</summary>
internal sealed partial record SweepLine
{
    public string? Sweep { get; init; }

    public Trial? Trial { get; init; }

    public FinalRun? Final { get; init; }

    /// <summary>The key of the run that it is the result of; null if it is of none.</summary>
    [JsonIgnore]
    public string? Key => Trial is { } trial ? new SweepRun(trial.LearningRate, trial.WeightDecay, Seed: 0, Epochs: trial.Epochs).Key
        : Final is { } run ? new SweepRun(0, 0, run.Seed, IsFinal: true).Key
        : null;

    /// <summary>Reads a line.</summary>
    /// <returns>Null if it is none of a sweep.</returns>
    public static SweepLine? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, SweepLineContext.Default.SweepLine) is { } parsed
                && (parsed.Sweep ?? parsed.Key) is not null
                ? parsed
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The line as JSON, without an end.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, SweepLineContext.Default.SweepLine);

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    [JsonSerializable(typeof(SweepLine))]
    private sealed partial class SweepLineContext : JsonSerializerContext;
}
