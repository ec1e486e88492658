using VptDsl.Data;
using VptDsl.Training.Checkpoints;
using VptDsl.Weights;

namespace VptDsl.Training.Recipes;

/// <summary>
/// Runs a recipe as the paper does: every learning rate with every weight decay on the validation split, then the best of them on
/// training and validation images together, once for each seed, measured on the test set.
/// </summary>
/// <remarks>
/// Results go to a file as they come, a line of JSON each. A sweep that was killed goes on from it when it is run again: finished runs are
/// not repeated, and the one under way goes on from its checkpoint. The same sweep gives the same numbers, killed or not.
/// </remarks>
/// <param name="recipe">The recipe.</param>
/// <param name="create">
/// A fresh tuner for each run from a seed, as <c>seed => FlowerTuner.Load(device, backbone, seed)</c>; it is disposed of.
/// </param>
/// <param name="results">The results file; its directory must exist. One for each sweep.</param>
public sealed class Sweep(Recipe recipe, Func<int, Tuner> create, string results)
{
    private readonly Recipe _recipe = recipe ?? throw new ArgumentNullException(nameof(recipe));
    private readonly Func<int, Tuner> _create = create ?? throw new ArgumentNullException(nameof(create));
    private readonly string _results = results ?? throw new ArgumentNullException(nameof(results));

    /// <summary>What is shown of each run on the console.</summary>
    public ProgressDisplay Progress { get; init; } = ProgressDisplay.Auto;

    /// <summary>Steps between two checkpoints of the run under way, in a file beside the results; 0 for none.</summary>
    public int CheckpointEverySteps { get; init; } = 500;

    /// <summary>Called when a trial has ended; not for those that the file already has.</summary>
    public Action<Trial>? TrialCompleted { get; init; }

    /// <summary>
    /// Called when a final run has ended, with its tuner: the place to save its task. Not for those that the file already has,
    /// and not for one that diverged (<see cref="FinalRun.TestAccuracy"/> is NaN).
    /// </summary>
    public Action<FinalRun, Tuner>? FinalCompleted { get; init; }

    /// <summary>Runs what the results file does not have yet.</summary>
    /// <param name="train">The training images of the trials.</param>
    /// <param name="validation">The images that trials are judged by.</param>
    /// <param name="trainAndValidation">The training images of the final runs; left out, there are none.</param>
    /// <param name="test">The images that final runs are measured on.</param>
    /// <param name="cancellation">Stops between two steps; run again to go on.</param>
    /// <exception cref="ArgumentException">
    /// The recipe makes no sense, there are images for final runs but none to test on, or no pixel of their label maps counts.
    /// </exception>
    /// <exception cref="InvalidOperationException">Every trial diverged.</exception>
    /// <exception cref="OperationCanceledException">The sweep was cancelled.</exception>
    /// <exception cref="IOException">
    /// The results file cannot be used: it is damaged, another sweep's, in use, or cannot be written.
    /// </exception>
    public SweepReport Run(
        IImageSource train, IImageSource validation, IImageSource? trainAndValidation = null, IImageSource? test = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        if (RecipeJson.Problem(_recipe) is { } problem)
            throw new ArgumentException($"The recipe {_recipe.Name} makes no sense: {problem}.", nameof(recipe));
        var images = new SweepImages(train, validation, trainAndValidation, test).Checked();
        using RunLock held = RunLock.Take(_results);
        try
        {
            return RunRest(images, cancellation);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(
                $"The sweep was stopped. What it found is in {_results}: start it again in the same way, and it goes on from there.", e,
                e.CancellationToken);
        }
    }

    private SweepReport RunRest(SweepImages images, CancellationToken cancellation)
    {
        var plan = new SweepPlan(_recipe, images.Measures);
        var runner = new SweepRunner(_recipe, _create, images);
        SweepResults file = SweepResults.Open(_results, runner.Describe());
        while (plan.Next(file.Found) is [var run, ..])
            Make(runner, run, file, cancellation);
        ClearLeftovers(_results, _recipe);
        return plan.Report(file.Found);
    }

    private void Make(SweepRunner runner, SweepRun run, SweepResults file, CancellationToken cancellation)
    {
        // A trial that pauses goes on from its checkpoint, whether others are wanted or not.
        bool pauses = _recipe.Halving is not null && !run.IsFinal;
        Checkpoint? checkpoint = CheckpointEverySteps == 0 && !pauses
            ? null
            : new Checkpoint(CheckpointName.Of(_results, run.Name))
            {
                EverySteps = CheckpointEverySteps == 0 ? int.MaxValue : CheckpointEverySteps,
            };
        // The final run is handed over before its result is noted: what is noted is not made again.
        SweepLine line = runner.Make(run, new SweepRunSettings(Progress, checkpoint), FinalCompleted, cancellation);
        file.Add(line);
        if (checkpoint is not null && run.Epochs is null)
            File.Delete(checkpoint.Path);
        if (line.Trial is { } trial)
            TrialCompleted?.Invoke(trial);
    }

    /// <summary>Deletes what a crash leaves that comes while a checkpoint is written, or before one is deleted.</summary>
    /// <remarks>Files of the sweep's own runs alone: others, too, may have names that begin with those of the results.</remarks>
    internal static void ClearLeftovers(string results, Recipe recipe)
    {
        string path = Path.GetFullPath(results), directory = Path.GetDirectoryName(path)!, file = Path.GetFileName(path);
        IEnumerable<string> runs = recipe.Grid.Select(pair => new SweepRun(pair.LearningRate, pair.WeightDecay, recipe.TrialSeed).Name)
            .Concat(recipe.Seeds.Select(seed => new SweepRun(0, 0, seed, IsFinal: true).Name));
        foreach (string run in runs.Distinct())
        {
            foreach (string checkpoints in (string[])[CheckpointName.Of(file, run), CheckpointName.OfAttempt(file, run, "*")])
            {
                AtomicFile.DeleteAll(directory, checkpoints);
                AtomicFile.DeleteAll(directory, RunLock.FileOf(checkpoints));
            }
        }
    }
}
