using System.Security.Cryptography;
using System.Text;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Checkpoints;
using VptDsl.Weights;

namespace VptDsl.Training.Recipes;

/// <summary>Makes the runs of a sweep, wherever that is: the result of a run follows from recipe, model, images and run alone.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="create">A fresh tuner for each run from a seed; it is disposed of.</param>
/// <param name="images">What it learns from and is measured on.</param>
internal sealed class SweepRunner(Recipe recipe, Func<int, Tuner> create, SweepImages images)
{
    /// <summary>The sweep in a line, with a hash of all that decides its results.</summary>
    /// <exception cref="ArgumentException">The test set has label maps, of which nothing counts.</exception>
    public string Describe()
    {
        using Tuner tuner = create(recipe.TrialSeed);
        if (images.Test is { } test && tuner.Model is { IsOfPixels: true, IgnoredLabel: not null })
            RequireMeasure(test, tuner.Model);
        string? measure = tuner.Model.IsOfPixels ? "mIoU" : tuner.Model.IsMultiLabel ? "mAP" : null;
        string everything = string.Join(
            '\n',
            recipe.ToJson() + (measure is null ? "" : $"\njudged by {measure}"),
            tuner.Model.Declaration + tuner.Model.RoundedText,
            BackboneHash.Of(tuner.Compiled),
            string.Join('\n', images.All.Select(set => set is null ? "none" : RunFingerprint.Describe(set))));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(everything)));
        return $"{recipe.Name} of {tuner.Model.Name} on {images.Train.Count} + {images.Validation.Count} images, {hash[..16]}";
    }

    /// <summary>Makes a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">What changes nothing of its result.</param>
    /// <param name="finished">Is given the tuner of a final run that has ended.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public SweepLine Make(
        SweepRun run, SweepRunSettings settings, Action<FinalRun, Tuner>? finished, CancellationToken cancellation) => run.IsFinal
        ? new SweepLine { Final = Finish(run, settings, finished, cancellation) }
        : new SweepLine { Trial = Try(run, settings, cancellation) };

    private Trial Try(SweepRun run, SweepRunSettings settings, CancellationToken cancellation)
    {
        using Tuner tuner = create(run.Seed);
        var trial = new Trial { LearningRate = run.LearningRate, WeightDecay = run.WeightDecay, Epochs = run.Epochs };
        try
        {
            FitReport report = Fit(tuner, images.Train, images.Validation, Options(run, settings), cancellation);
            return trial with { ValidationAccuracy = Judged(report, run.Epochs).Score };
        }
        catch (TrainingDivergedException)
        {
            // A result too: this rate is too high.
            return trial;
        }
    }

    /// <summary>The epoch that a trial is judged by. Its checkpoint may have been further on than where it pauses.</summary>
    private EpochReport Judged(FitReport report, int? pause)
    {
        EpochReport[] epochs = [.. report.Epochs.Take(pause ?? int.MaxValue)];
        return recipe.JudgedEpoch == JudgedEpoch.Best ? epochs.MaxBy(epoch => epoch.Score)! : epochs[^1];
    }

    private FinalRun Finish(
        SweepRun run, SweepRunSettings settings, Action<FinalRun, Tuner>? finished, CancellationToken cancellation)
    {
        using Tuner tuner = create(run.Seed);
        FitReport report;
        try
        {
            report = Fit(tuner, images.TrainAndValidation!, validation: null, Options(run, settings), cancellation);
        }
        catch (TrainingDivergedException)
        {
            // Of this seed that is the result: the sweep ends, and says so.
            return new FinalRun { Seed = run.Seed, TestAccuracy = double.NaN, TrainLosses = [] };
        }

        var result = new FinalRun
        {
            Seed = run.Seed,
            TestAccuracy = tuner.Evaluate(images.Test!, cancellation: cancellation).Score,
            TrainLosses = [.. report.Epochs.Select(epoch => epoch.TrainLoss)],
        };
        finished?.Invoke(result, tuner);
        return result;
    }

    /// <summary>Looks for a pixel that counts, before hours go by: without one the final runs have no measure.</summary>
    private static void RequireMeasure(IImageSource test, ModelDescription model)
    {
        int[] labels = new int[test.LabelsPerImage];
        for (int image = 0; image < test.Count; image++)
        {
            test.CopyLabels(image, labels);
            if (labels.AsSpan().ContainsAnyExcept(model.IgnoredLabel!.Value))
                return;
        }

        throw new ArgumentException(
            $"No pixel of the test set counts: the label of each is {model.IgnoredLabel}, which is ignored. "
            + "Give label maps with pixels of the classes, or leave the test set out.");
    }

    /// <summary>Trains. A run that is whole and was not saved at its end is whole.</summary>
    private static FitReport Fit(
        Tuner tuner, IImageSource train, IImageSource? validation, FitOptions options, CancellationToken cancellation)
    {
        try
        {
            return tuner.Fit(train, validation, options, cancellation);
        }
        catch (UnsavedResultException e)
        {
            return e.Report;
        }
    }

    private FitOptions Options(SweepRun run, SweepRunSettings settings) =>
        recipe.Options(run.LearningRate, run.WeightDecay, run.Seed) with
        {
            Progress = settings.Progress,
            Checkpoint = settings.Checkpoint,
            EpochCompleted = settings.EpochCompleted,
            PauseAfter = run.Epochs,
        };
}

/// <summary>How a run is made, as far as that changes nothing of its result.</summary>
/// <param name="Progress">What is shown of it.</param>
/// <param name="Checkpoint">Where it is saved as it goes; null for nowhere.</param>
/// <param name="EpochCompleted">Called after every epoch.</param>
internal sealed record SweepRunSettings(
    ProgressDisplay Progress, Checkpoint? Checkpoint, Action<EpochReport>? EpochCompleted = null);
