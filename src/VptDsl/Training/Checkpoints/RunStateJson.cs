using System.Text.Json;
using System.Text.Json.Serialization;

namespace VptDsl.Training.Checkpoints;

/// <summary>A run's state as text. Numbers keep every bit.</summary>
internal static partial class RunStateJson
{
    /// <summary>The text of a state.</summary>
    public static string Write(RunState state) => JsonSerializer.Serialize(
        new Stored(
            state.Step, state.Mean.Count, state.Mean.LossSum, state.Mean.Correct, state.Mean.Judged, state.EpochSeconds, state.Seconds,
            [.. state.Reports], state.BestEpoch, state.StoppedEarly, state.IsFinished),
        RunStateContext.Default.Stored);

    /// <summary>The state of a text.</summary>
    /// <param name="text">What <see cref="Write"/> gave.</param>
    /// <param name="epochs">The number of epochs of the run.</param>
    /// <param name="stepsPerEpoch">The number of steps in each.</param>
    /// <returns>The state; null if the text holds none that a run of this length can be in.</returns>
    public static RunState? Read(string text, int epochs, int stepsPerEpoch)
    {
        try
        {
            return JsonSerializer.Deserialize(text, RunStateContext.Default.Stored) is { Reports: not null } stored
                && IsPossible(stored, epochs, stepsPerEpoch)
                ? new RunState
                {
                    Step = stored.Step,
                    Mean = RunningMean.From(stored.Count, stored.LossSum, stored.Correct, stored.Judged ?? stored.Count),
                    EpochSeconds = stored.EpochSeconds,
                    Seconds = stored.Seconds,
                    Reports = [.. stored.Reports],
                    BestEpoch = stored.BestEpoch,
                    StoppedEarly = stored.StoppedEarly,
                    IsFinished = stored.IsFinished,
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsPossible(Stored stored, int epochs, int stepsPerEpoch) =>
        stored.Reports.Length <= epochs
        && stored.Step >= 0 && stored.Step <= stepsPerEpoch
        && stored.BestEpoch >= 0 && stored.BestEpoch <= stored.Reports.Length
        && stored.Reports.Select((report, i) => report is not null && report.Epoch == i + 1).All(fits => fits)
        && (stored.IsFinished || stored.Step == 0 || stored.Reports.Length < epochs);

    private sealed record Stored(
        int Step, int Count, double LossSum, double Correct, int? Judged, double EpochSeconds, double Seconds, EpochReport[] Reports,
        int BestEpoch, bool StoppedEarly, bool IsFinished);

    [JsonSerializable(typeof(Stored))]
    private sealed partial class RunStateContext : JsonSerializerContext;
}
