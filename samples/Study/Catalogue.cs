using System.Collections.Immutable;
using Study.Models;
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
    /// pre-trained, gives each protocol some points more, so that all of them are tuned by it. A head alone can learn 1,000 images by
    /// heart, and leaves prompts nothing to learn then: weight decays reach higher than the paper's.
    /// </remarks>
    private static readonly Recipe Prompts = new()
    {
        Name = "study-prompts",
        Optimizer = OptimizerKind.AdamW,
        LearningRates = [2, 1, 0.5],
        WeightDecays = [2, 0.2],
        BatchSize = 16,
        Epochs = 12,
        WarmupEpochs = 2,
        ScheduleStep = ScheduleStep.PerIteration,
        JudgedEpoch = JudgedEpoch.Last,
        TrialSeed = 0,
        Seeds = [0, 1, 2],
    };

    /// <summary>Heads on features that stay as they are: features are not small, so rates are lower.</summary>
    private static readonly Recipe Heads = Prompts with
    {
        Name = "study-heads",
        LearningRates = [4, 1, 0.25, 0.06],
        WeightDecays = [2, 0.2, 0.02],
    };

    /// <summary>What is pre-trained moves slowly.</summary>
    private static readonly Recipe Finetuning = Prompts with
    {
        Name = "study-finetuning",
        LearningRates = [0.04, 0.02, 0.01],
        WeightDecays = [1, 0.1],
    };

    /// <summary>A few parameters in every layer, at higher rates than the whole backbone bears.</summary>
    private static readonly Recipe Parts = Finetuning with
    {
        Name = "study-parts",
        LearningRates = [1, 0.3, 0.1, 0.03],
    };

    /// <summary>Biases are as few as prompts, and as old as the backbone.</summary>
    private static readonly Recipe Biases = Prompts with { Name = "study-biases", LearningRates = [2, 1, 0.3] };

    /// <summary>The table's row of shallow prompts.</summary>
    public static Protocol VptShallow { get; } = Protocol.Of<VptShallow>("VPT-shallow", Prompts);

    /// <summary>The table's row of deep prompts.</summary>
    public static Protocol VptDeep { get; } = Protocol.Of<VptDeep>("VPT-deep", Prompts);

    /// <summary>The rows of the main table.</summary>
    public static ImmutableArray<Protocol> Methods { get; } =
    [
        Protocol.Of<Full>("Full", Finetuning),
        Protocol.Of<Linear>("Linear", Heads),
        Protocol.Of<PartialOne>("Partial-1", Parts),
        Protocol.Of<MlpThree>("MLP-3", Heads),
        Protocol.Of<Sidetune>("Sidetune", Parts),
        Protocol.Of<Bias>("Bias", Biases),
        Protocol.Of<Adapters>("Adapter", Parts),
        VptShallow,
        VptDeep,
    ];

    /// <summary>VPT-shallow by prompt length.</summary>
    public static ImmutableArray<(int Length, Protocol Protocol)> ShallowLengths { get; } =
    [
        (1, Protocol.Of<Shallow1>("shallow, 1", Prompts)),
        (5, Protocol.Of<Shallow5>("shallow, 5", Prompts)),
        (10, VptShallow),
        (50, Protocol.Of<Shallow50>("shallow, 50", Prompts)),
    ];

    /// <summary>VPT-deep by prompt length.</summary>
    public static ImmutableArray<(int Length, Protocol Protocol)> DeepLengths { get; } =
    [
        (1, Protocol.Of<Deep1>("deep, 1", Prompts)),
        (5, Protocol.Of<Deep5>("deep, 5", Prompts)),
        (10, VptDeep),
        (50, Protocol.Of<Deep50>("deep, 50", Prompts)),
    ];

    /// <summary>Deep prompts before the first layers, by their number.</summary>
    public static ImmutableArray<(int Layers, Protocol Protocol)> FirstLayers { get; } =
    [
        (1, VptShallow),
        (2, Protocol.Of<First2>("first 2", Prompts)),
        (3, Protocol.Of<First3>("first 3", Prompts)),
        (4, Protocol.Of<First4>("first 4", Prompts)),
        (6, VptDeep),
    ];

    /// <summary>Deep prompts before the last layers, by their number.</summary>
    public static ImmutableArray<(int Layers, Protocol Protocol)> LastLayers { get; } =
    [
        (1, Protocol.Of<Last1>("last 1", Prompts)),
        (2, Protocol.Of<Last2>("last 2", Prompts)),
        (3, Protocol.Of<Last3>("last 3", Prompts)),
        (4, Protocol.Of<Last4>("last 4", Prompts)),
        (6, VptDeep),
    ];

    /// <summary>The shares of the training images that the main methods are also trained on.</summary>
    public static ImmutableArray<double> Fractions { get; } = [0.1, 0.3, 1];

    /// <summary>The methods whose accuracy is followed over fractions, and whose features are drawn.</summary>
    public static ImmutableArray<Protocol> Followed { get; } =
    [
        .. Methods.Where(m => m.Name is "Full" or "Linear" or "VPT-shallow" or "VPT-deep"),
    ];
}
