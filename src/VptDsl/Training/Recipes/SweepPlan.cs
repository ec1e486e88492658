using System.Collections.Immutable;

namespace VptDsl.Training.Recipes;

/// <summary>Which runs a sweep makes, and in which order: that follows from the recipe and from what has been found alone.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="measures">Whether there are final runs.</param>
internal sealed class SweepPlan(Recipe recipe, bool measures)
{
    private readonly ImmutableArray<SweepRun> _grid =
        [.. recipe.Grid.Select(pair => new SweepRun(pair.LearningRate, pair.WeightDecay, recipe.TrialSeed))];

    /// <summary>The runs that can be made now and were not yet, side by side or one after the other; none if the sweep is over.</summary>
    /// <exception cref="InvalidOperationException">Every trial diverged.</exception>
    public ImmutableArray<SweepRun> Next(SweepFindings found)
    {
        ImmutableArray<SweepRun> trials = Trials(Stages, _grid, found);
        if (!trials.IsEmpty)
            return trials;
        return measures ? [.. Finals(Best(found)).Where(run => !found.Has(run)).Distinct()] : [];
    }

    /// <summary>What a sweep that is over has found.</summary>
    public SweepReport Report(SweepFindings found)
    {
        Trial best = Best(found);
        return new SweepReport
        {
            Trials = [.. _grid.Select(run => Furthest(run, found))],
            Best = best,
            Finals = measures ? [.. Finals(best).Select(run => found.Find(run)!.Final!)] : [],
        };
    }

    /// <summary>The epochs after which trials are compared; null stands for the end.</summary>
    private int?[] Stages => recipe.Halving is { } factor
        ? [
            .. new[] { (long)factor * factor, factor }.Select(part => (int)((recipe.Epochs + part - 1) / part)).Distinct()
                .Where(epochs => epochs < recipe.Epochs).Cast<int?>(),
            null,
        ]
        : [null];

    /// <summary>The trials that can be made now, in the order of the grid; none if one has come to its end, or all have diverged.</summary>
    /// <param name="stages">The epochs after which trials are compared from here on, the end last.</param>
    /// <param name="trying">The trials that go on to the first of them.</param>
    /// <param name="found">What was found.</param>
    private ImmutableArray<SweepRun> Trials(ReadOnlySpan<int?> stages, ImmutableArray<SweepRun> trying, SweepFindings found)
    {
        int? epochs = stages[0];
        trying = [.. trying.Select(run => run with { Epochs = epochs })];
        if (trying.Any(run => !found.Has(run)))
            return [.. trying.Where(run => !found.Has(run))];
        if (epochs is null)
            return [];
        // The best go on. Should all of them diverge later, those go on that come next.
        int kept = (trying.Length + recipe.Halving!.Value - 1) / recipe.Halving.Value;
        foreach (Trial[] best in Ranked(trying.Select(run => TrialOf(run, found)!)).Chunk(kept))
        {
            ImmutableArray<SweepRun> promising = [.. trying.Where(run => best.Contains(TrialOf(run, found)!))];
            ImmutableArray<SweepRun> next = Trials(stages[1..], promising, found);
            if (!next.IsEmpty || promising.Any(run => TrialOf(run with { Epochs = null }, found) is { ValidationAccuracy: not null }))
                return next;
        }

        return [];
    }

    private Trial Furthest(SweepRun run, SweepFindings found) => Stages.AsEnumerable().Reverse()
        .Select(epochs => TrialOf(run with { Epochs = epochs }, found)).First(trial => trial is not null)!;

    private static Trial? TrialOf(SweepRun run, SweepFindings found) => found.Find(run)?.Trial;

    private IEnumerable<SweepRun> Finals(Trial best) =>
        recipe.Seeds.Select(seed => new SweepRun(best.LearningRate, best.WeightDecay, seed, IsFinal: true));

    private Trial Best(SweepFindings found) =>
        Ranked(_grid.Select(run => TrialOf(run, found)).OfType<Trial>()).FirstOrDefault()
        ?? throw new InvalidOperationException($"Every trial of {recipe.Name} diverged: list lower learning rates.");

    private static IEnumerable<Trial> Ranked(IEnumerable<Trial> trials) => trials
        .Where(trial => trial.ValidationAccuracy is not null)
        .OrderByDescending(trial => trial.ValidationAccuracy)
        .ThenBy(trial => trial.LearningRate)
        .ThenBy(trial => trial.WeightDecay);
}
