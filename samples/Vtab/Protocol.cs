using VptDsl;
using VptDsl.Data;
using VptDsl.Training.Recipes;

namespace Vtab;

/// <summary>
/// The paper's protocol on a task: every setting of every length on 800 images, judged by 200; the best of all on both together, once for
/// each seed, measured on the test set.
/// </summary>
/// <param name="Device">Where it runs.</param>
/// <param name="Data">The folder of the tasks' folders.</param>
/// <param name="Weights">The backbone.</param>
/// <param name="Results">The folder of the results, of which a run that was stopped goes on.</param>
internal sealed record Protocol(Device Device, string Data, string Weights, string Results)
{
    /// <summary>Another length of the runs than the recipes'; null for theirs.</summary>
    public int? Epochs { get; init; }

    /// <summary>The lengths of prompts that are tried; all where it is empty.</summary>
    public IReadOnlyCollection<int> Tokens { get; init; } = [];

    /// <summary>What the final runs of a method say of a task.</summary>
    /// <param name="method">The method.</param>
    /// <param name="task">The task.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public SweepReport Run(Method method, VtabTask task, CancellationToken cancellation)
    {
        // TensorFlow's first resizing, by which the paper's images were made.
        ImagePipeline pipeline = Transforms.Vtab(224, interpolation: Interpolation.LegacyBilinear);
        PixelImages train = Read(VtabSplit.Train800), validation = Read(VtabSplit.Val200);
        (Variant Variant, Trial Trial) best = method.Variants
            .Where(variant => variant.Tokens == 0 || Tokens.Count == 0 || Tokens.Contains(variant.Tokens))
            .Select(variant => (variant, Sweep(variant, variant.Recipe, "").Run(train, validation, cancellation: cancellation).Best))
            .MaxBy(found => found.Best.ValidationAccuracy);
        Recipe chosen = best.Variant.Recipe with { LearningRates = [best.Trial.LearningRate], WeightDecays = [best.Trial.WeightDecay] };
        return Sweep(best.Variant, chosen, ResultFiles.Finals).Run(
            train, validation, Read(VtabSplit.Train800Val200), Read(VtabSplit.Test), cancellation);

        PixelImages Read(VtabSplit split) => task.Read(Data, split, pipeline);

        Sweep Sweep(Variant variant, Recipe recipe, string suffix) => new(
            Epochs is { } epochs ? recipe with { Epochs = epochs, WarmupEpochs = Math.Min(recipe.WarmupEpochs, epochs / 2) } : recipe,
            seed => variant.Load(Device, Weights, seed),
            ResultFiles.PathOf(Results, task.Name, variant.Name, suffix));
    }
}
