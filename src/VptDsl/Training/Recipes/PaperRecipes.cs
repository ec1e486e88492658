using System.Collections.Immutable;
using VptDsl.Programs;

namespace VptDsl.Training.Recipes;

/// <summary>The recipes and grids of the paper's public code.</summary>
internal static class PaperRecipes
{
    private static readonly ImmutableArray<double> Linear = [50, 25, 10, 5, 2.5, 1, 0.5, 0.25, 0.1, 0.05];
    private static readonly ImmutableArray<double> Prompt = [50, 25, 10, 5, 2.5, 1, 0.5, 0.25, 0.1, 0.05];
    private static readonly ImmutableArray<double> Larger = [1000, 500, 250, 100];
    private static readonly ImmutableArray<double> Finetune = [0.005, 0.001, 0.0005, 0.0001];
    private static readonly ImmutableArray<double> PromptedConvNet = [5, 2.5, 1, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01];

    /// <summary>The seeds of the final runs.</summary>
    public static ImmutableArray<int> Seeds { get; } = [42, 44, 82, 100, 800];

    /// <summary>All of them.</summary>
    public static ImmutableArray<Recipe> All { get; } =
    [
        .. Family(
            "vtab", RecipeTransforms.Vtab, Prompt, finetuneResNet: [0.5, 0.25, 0.05, 0.025, 0.005, 0.0025, 0.0005, 0.00025]),
        // The code's list for fine-grained sets ends one rate earlier.
        .. Family("fgvc", RecipeTransforms.Fgvc, Prompt.Remove(0.05), finetuneResNet: [0.05, 0.025, 0.005, 0.0025]),
    ];

    private static IEnumerable<Recipe> Family(
        string family, RecipeTransforms transforms, ImmutableArray<double> prompt, ImmutableArray<double> finetuneResNet)
    {
        Recipe Sgd(string name, ImmutableArray<double> rates, int batch) => new()
        {
            Name = $"{family}-{name}",
            LearningRates = rates,
            BatchSize = batch,
            Transforms = transforms,
        };
        yield return Sgd("linear", Linear, batch: 1024);
        yield return Sgd("linear-mae", Linear.AddRange(0.025, 0.005, 0.0025), batch: 1024);
        yield return Sgd("prompt", prompt, batch: 128);
        yield return Sgd("prompt-larger-rates", Larger, batch: 128);
        yield return Sgd("prompt-resnet", PromptedConvNet, batch: 128);
        Recipe finetune = Sgd("finetune", Finetune, batch: 384) with { Optimizer = OptimizerKind.AdamW, WarmupEpochs = 5 };
        yield return finetune;
        yield return finetune with { Name = $"{family}-finetune-resnet", LearningRates = finetuneResNet };
    }
}
