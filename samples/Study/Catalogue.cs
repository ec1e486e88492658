using System.Collections.Immutable;
using Study.Models;
using VptDsl;
using VptDsl.Programs;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace Study;

/// <summary>Everything that the study compares.</summary>
internal static class Catalogue
{
    /// <summary>Prompts are few and start small: high rates.</summary>
    /// <remarks>
    /// The paper tunes prompts and heads by SGD, for 100 epochs. Twelve are not enough for it: AdamW, which the paper keeps for what is
    /// pre-trained, gives each protocol two to four points more, so that all of them are tuned by it.
    /// </remarks>
    private static readonly Recipe Prompts = new()
    {
        Name = "study-prompts",
        Optimizer = OptimizerKind.AdamW,
        LearningRates = [4, 2, 1],
        WeightDecays = [0.01],
        BatchSize = 16,
        Epochs = 12,
        WarmupEpochs = 2,
        ScheduleStep = ScheduleStep.PerIteration,
        JudgedEpoch = JudgedEpoch.Last,
        TrialSeed = 0,
        Seeds = [0, 1, 2],
    };

    /// <summary>Heads on features that stay as they are: features are not small, so rates are lower.</summary>
    private static readonly Recipe Heads = Prompts with { Name = "study-heads", LearningRates = [4, 1, 0.25] };

    /// <summary>What is pre-trained moves slowly.</summary>
    private static readonly Recipe Finetuning = Prompts with { Name = "study-finetuning", LearningRates = [0.03, 0.01, 0.003] };

    /// <summary>A few parameters in every layer, at higher rates than the whole backbone bears.</summary>
    private static readonly Recipe Parts = Prompts with { Name = "study-parts", LearningRates = [0.3, 0.1, 0.03] };

    /// <summary>Biases are as few as prompts, and as old as the backbone.</summary>
    private static readonly Recipe Biases = Prompts with { Name = "study-biases", LearningRates = [1, 0.3, 0.1] };

    private static readonly Protocol
        Shallow10 = new("VPT-shallow", VptShallow.Load, VptShallow.TrainableParameters, VptShallow.StepBytes, Prompts),
        Deep10 = new("VPT-deep", VptDeep.Load, VptDeep.TrainableParameters, VptDeep.StepBytes, Prompts);

    /// <summary>Parameters of the frozen backbone.</summary>
    public static long BackboneParameters => Linear.BackboneParameters;

    /// <summary>The rows of the main table.</summary>
    public static ImmutableArray<Protocol> Methods { get; } =
    [
        new("Full", Full.Load, Full.TrainableParameters, Full.StepBytes, Finetuning),
        new("Linear", Linear.Load, Linear.TrainableParameters, Linear.StepBytes, Heads),
        new("Partial-1", PartialOne.Load, PartialOne.TrainableParameters, PartialOne.StepBytes, Parts),
        new("MLP-3", MlpThree.Load, MlpThree.TrainableParameters, MlpThree.StepBytes, Heads),
        new("Sidetune", Sidetune.Load, Sidetune.TrainableParameters, Sidetune.StepBytes, Parts),
        new("Bias", Bias.Load, Bias.TrainableParameters, Bias.StepBytes, Biases),
        new("Adapter", Adapters.Load, Adapters.TrainableParameters, Adapters.StepBytes, Parts),
        Shallow10,
        Deep10,
    ];

    /// <summary>VPT-shallow by prompt length.</summary>
    public static ImmutableArray<(int Length, Protocol Protocol)> ShallowLengths { get; } =
    [
        (1, Variant("shallow, 1", Shallow1.Load, Shallow1.TrainableParameters, Shallow1.StepBytes)),
        (5, Variant("shallow, 5", Shallow5.Load, Shallow5.TrainableParameters, Shallow5.StepBytes)),
        (10, Shallow10),
        (50, Variant("shallow, 50", Shallow50.Load, Shallow50.TrainableParameters, Shallow50.StepBytes)),
    ];

    /// <summary>VPT-deep by prompt length.</summary>
    public static ImmutableArray<(int Length, Protocol Protocol)> DeepLengths { get; } =
    [
        (1, Variant("deep, 1", Deep1.Load, Deep1.TrainableParameters, Deep1.StepBytes)),
        (5, Variant("deep, 5", Deep5.Load, Deep5.TrainableParameters, Deep5.StepBytes)),
        (10, Deep10),
        (50, Variant("deep, 50", Deep50.Load, Deep50.TrainableParameters, Deep50.StepBytes)),
    ];

    /// <summary>Deep prompts before the first layers, by their number.</summary>
    public static ImmutableArray<(int Layers, Protocol Protocol)> FirstLayers { get; } =
    [
        (1, Shallow10),
        (2, Variant("first 2", First2.Load, First2.TrainableParameters, First2.StepBytes)),
        (3, Variant("first 3", First3.Load, First3.TrainableParameters, First3.StepBytes)),
        (4, Variant("first 4", First4.Load, First4.TrainableParameters, First4.StepBytes)),
        (6, Deep10),
    ];

    /// <summary>Deep prompts before the last layers, by their number.</summary>
    public static ImmutableArray<(int Layers, Protocol Protocol)> LastLayers { get; } =
    [
        (1, Variant("last 1", Last1.Load, Last1.TrainableParameters, Last1.StepBytes)),
        (2, Variant("last 2", Last2.Load, Last2.TrainableParameters, Last2.StepBytes)),
        (3, Variant("last 3", Last3.Load, Last3.TrainableParameters, Last3.StepBytes)),
        (4, Variant("last 4", Last4.Load, Last4.TrainableParameters, Last4.StepBytes)),
        (6, Deep10),
    ];

    /// <summary>The shares of the training images that the main methods are also trained on.</summary>
    public static ImmutableArray<double> Fractions { get; } = [0.1, 0.3, 1];

    /// <summary>The methods whose accuracy is followed over fractions, and whose features are drawn.</summary>
    public static ImmutableArray<Protocol> Followed { get; } = [.. Methods.Where(m => m.Name is "Full" or "Linear" or "VPT-shallow" or "VPT-deep")];

    /// <summary>A point of a curve: one seed, since there are many points. Those that a method of the table declares are that method.</summary>
    private static Protocol Variant(string name, Func<Device, string, int, Tuner> load, long trained, Func<int, long> stepBytes) =>
        new(name, load, trained, stepBytes, Prompts with { Seeds = [0] });
}
