using System.Security.Cryptography;
using System.Text;
using VptDsl.Data;
using VptDsl.Programs;
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
    /// Called when a final run has ended, with its tuner: the place to save its task. Not for those that the file already has.
    /// </summary>
    public Action<FinalRun, Tuner>? FinalCompleted { get; init; }

    /// <summary>Runs what the results file does not have yet.</summary>
    /// <param name="train">The training images of the trials.</param>
    /// <param name="validation">The images that trials are judged by.</param>
    /// <param name="trainAndValidation">The training images of the final runs; left out, there are none.</param>
    /// <param name="test">The images that final runs are measured on.</param>
    /// <param name="cancellation">Stops between two steps; run again to go on.</param>
    /// <exception cref="ArgumentException">The recipe makes no sense, or there are images for final runs but none to test on.</exception>
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
        if ((trainAndValidation is null) != (test is null))
        {
            throw new ArgumentException(
                "Final runs need both images to train on and images to test on: give both, or neither.", nameof(test));
        }

        using RunLock held = RunLock.Take(_results);
        try
        {
            return RunRest(train, validation, trainAndValidation, test, cancellation);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(
                $"The sweep was stopped. What it found is in {_results}: start it again in the same way, and it goes on from there.", e,
                e.CancellationToken);
        }
    }

    private SweepReport RunRest(
        IImageSource train, IImageSource validation, IImageSource? trainAndValidation, IImageSource? test, CancellationToken cancellation)
    {
        SweepResults file = SweepResults.Open(_results, Describe(train, validation, trainAndValidation, test));
        Trial[] trials = [.. _recipe.Grid.Select(pair => file.Find(pair.LearningRate, pair.WeightDecay)
            ?? Try(file, pair.LearningRate, pair.WeightDecay, train, validation, cancellation))];
        Trial best = trials
            .Where(trial => trial.ValidationAccuracy is not null)
            .OrderByDescending(trial => trial.ValidationAccuracy)
            .ThenBy(trial => trial.LearningRate)
            .ThenBy(trial => trial.WeightDecay)
            .FirstOrDefault()
            ?? throw new InvalidOperationException($"Every trial of {_recipe.Name} diverged: list lower learning rates.");
        var report = new SweepReport
        {
            Trials = [.. trials],
            Best = best,
            Finals = trainAndValidation is null || test is null
                ? []
                : [.. _recipe.Seeds.Select(seed => file.Find(seed) ?? Finish(file, best, seed, trainAndValidation, test, cancellation))],
        };
        ClearLeftovers();
        return report;
    }

    private Trial Try(
        SweepResults file, double rate, double decay, IImageSource train, IImageSource validation, CancellationToken cancellation)
    {
        using Tuner tuner = _create(_recipe.TrialSeed);
        var trial = new Trial { LearningRate = rate, WeightDecay = decay };
        FitOptions options = Options(rate, decay, _recipe.TrialSeed, run: FormattableString.Invariant($"{rate}-{decay}"));
        try
        {
            FitReport report = tuner.Fit(train, validation, options, cancellation);
            EpochReport judged = _recipe.JudgedEpoch == JudgedEpoch.Best ? report.Best : report.Epochs[^1];
            trial = trial with { ValidationAccuracy = judged.ValidationAccuracy };
        }
        catch (TrainingDivergedException)
        {
            // A result too: this rate is too high.
        }

        file.Add(trial);
        Clear(options);
        TrialCompleted?.Invoke(trial);
        return trial;
    }

    private FinalRun Finish(
        SweepResults file, Trial best, int seed, IImageSource train, IImageSource test, CancellationToken cancellation)
    {
        using Tuner tuner = _create(seed);
        FitOptions options = Options(best.LearningRate, best.WeightDecay, seed, run: FormattableString.Invariant($"seed-{seed}"));
        FitReport report = tuner.Fit(train, validation: null, options, cancellation);
        var run = new FinalRun
        {
            Seed = seed,
            TestAccuracy = tuner.Evaluate(test, cancellation: cancellation).Accuracy,
            TrainLosses = [.. report.Epochs.Select(epoch => epoch.TrainLoss)],
        };
        // Before the result is noted: what is noted is not made again.
        FinalCompleted?.Invoke(run, tuner);
        file.Add(run);
        Clear(options);
        return run;
    }

    private FitOptions Options(double rate, double decay, int seed, string run) => _recipe.Options(rate, decay, seed) with
    {
        Progress = Progress,
        Checkpoint =
            CheckpointEverySteps == 0 ? null : new Checkpoint($"{_results}.{run}.checkpoint") { EverySteps = CheckpointEverySteps },
    };

    /// <summary>A crash between noting a result and deleting its checkpoint leaves the latter.</summary>
    private void ClearLeftovers()
    {
        string path = Path.GetFullPath(_results);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*.checkpoint"))
            File.Delete(file);
    }

    private static void Clear(FitOptions options)
    {
        if (options.Checkpoint is { } checkpoint)
            File.Delete(checkpoint.Path);
    }

    /// <summary>All that decides the results.</summary>
    private string Describe(IImageSource train, IImageSource validation, IImageSource? trainAndValidation, IImageSource? test)
    {
        using Tuner tuner = _create(_recipe.TrialSeed);
        string everything = string.Join(
            '\n',
            _recipe.ToJson(),
            tuner.Model.Declaration,
            BackboneHash.Compute(tuner.Model, tuner.Compiled.Read),
            string.Join(
                '\n',
                new[] { train, validation, trainAndValidation, test }.Select(set => set is null ? "none" : RunFingerprint.Describe(set))));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(everything)));
        return $"{_recipe.Name} of {tuner.Model.Name} on {train.Count} + {validation.Count} images, {hash[..16]}";
    }
}
