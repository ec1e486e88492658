using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Parallel;

/// <summary>How a run ended: with a result, or with an error.</summary>
/// <param name="Error">What its leader says of the error; null for a run that came to its end.</param>
/// <param name="State">Where it stands.</param>
/// <param name="BestEpoch">As in <see cref="FitReport.BestEpoch"/>.</param>
/// <param name="Values">The model that is its result; null until the crew says it.</param>
internal sealed record RunEnd(string? Error, RunState State, int BestEpoch, ModelValues? Values = null)
{
    /// <summary>A run that came to its end.</summary>
    public static RunEnd Of(RunState state, int bestEpoch) => new(null, state, bestEpoch);

    /// <summary>A run that an error ended.</summary>
    public static RunEnd Of(RunState state, Exception error) => new(error.Message, state, BestEpoch: 0);
}
