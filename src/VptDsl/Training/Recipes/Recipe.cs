using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training.Recipes;

/// <summary>How a family of experiments is trained, and which settings are tried: the paper's are <see cref="Published"/>.</summary>
/// <remarks>
/// A value that JSON can hold (<see cref="Load"/>, <see cref="ToJson"/>). <see cref="Sweep"/> runs one: every learning rate with every
/// weight decay on the validation split, then the best of them on training and validation images together, once for each seed.
/// </remarks>
public sealed record Recipe
{
    /// <summary>What it is called, for instance <c>vtab-prompt</c>.</summary>
    public required string Name { get; init; }

    /// <summary>SGD with momentum 0.9, or AdamW.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The learning rates to try, for a batch of 256; each above 0.</summary>
    public required ImmutableArray<double> LearningRates { get; init; }

    /// <summary>The weight decays to try, each 0 or more.</summary>
    public ImmutableArray<double> WeightDecays { get; init; } = [0.01, 0.001, 0.0001, 0];

    /// <summary>Images in a step.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The length of a run. The paper: 100; 50 for ViT-L and ViT-H.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Epochs during which the learning rate rises.</summary>
    public double WarmupEpochs { get; init; } = 10;

    /// <summary>
    /// How often the rate changes. The published recipes have <see cref="ScheduleStep.PerEpoch"/> as the paper's code, whose first epoch
    /// therefore learns nothing.
    /// </summary>
    public ScheduleStep ScheduleStep { get; init; } = ScheduleStep.PerEpoch;

    /// <summary>
    /// By which epoch's <see cref="Trial.ValidationAccuracy"/> a trial is judged. The paper's code takes the last's.
    /// </summary>
    public JudgedEpoch JudgedEpoch { get; init; } = JudgedEpoch.Last;

    /// <summary>
    /// Stops trials that others leave behind: 3, for instance, compares them after a ninth and after a third of the epochs, and the best
    /// third goes on each time (successive halving). At least 2; left out, every trial is trained to its end, as in the paper.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Halving { get; init; }

    /// <summary>How images are brought to the model's size.</summary>
    public RecipeTransforms Transforms { get; init; } = RecipeTransforms.Vtab;

    /// <summary>The seed of every trial.</summary>
    public int TrialSeed { get; init; } = 42;

    /// <summary>The seeds of the final runs.</summary>
    public ImmutableArray<int> Seeds { get; init; } = PaperRecipes.Seeds;

    /// <summary>The recipes of the paper's code, in two families: <c>vtab-…</c> and <c>fgvc-…</c>.</summary>
    public static ImmutableArray<Recipe> Published => PaperRecipes.All;

    /// <summary>A published recipe.</summary>
    /// <param name="name">Its <see cref="Name"/>.</param>
    /// <exception cref="ArgumentException">There is none of this name; the message lists them.</exception>
    public static Recipe Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Published.FirstOrDefault(recipe => recipe.Name == name) ?? throw new ArgumentException(
            $"There is no recipe \"{name}\". There are {string.Join(", ", Published.Select(recipe => recipe.Name))}.", nameof(name));
    }

    /// <summary>Reads a recipe from a JSON file.</summary>
    /// <exception cref="RecipeException">The file is missing, or no recipe; the message says what is wrong.</exception>
    public static Recipe Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return RecipeJson.Load(path);
    }

    /// <summary>The recipe as JSON, for <see cref="Load"/>.</summary>
    public string ToJson() => RecipeJson.Write(this);

    /// <summary>The recipe for so many prompts: the paper's smaller batch of 64 from 100 prompts on.</summary>
    /// <param name="tokens">Prompts before a layer.</param>
    public Recipe ForTokens(int tokens) => tokens >= 100 ? this with { BatchSize = Math.Min(BatchSize, 64) } : this;

    /// <summary>What training images go through.</summary>
    /// <param name="size">The model's image size in pixels.</param>
    /// <param name="normalization">What the backbone was trained with; ImageNet's if left out.</param>
    public ImagePipeline TrainPipeline(int size = 224, Normalization? normalization = null) => Transforms == RecipeTransforms.Fgvc
        ? Data.Transforms.FgvcTrain(size, normalization)
        : Data.Transforms.Vtab(size, normalization);

    /// <summary>What validation and test images go through.</summary>
    /// <param name="size">The model's image size in pixels.</param>
    /// <param name="normalization">What the backbone was trained with; ImageNet's if left out.</param>
    public ImagePipeline TestPipeline(int size = 224, Normalization? normalization = null) => Transforms == RecipeTransforms.Fgvc
        ? Data.Transforms.FgvcTest(size, normalization)
        : Data.Transforms.Vtab(size, normalization);

    /// <summary>The options of one run.</summary>
    /// <param name="learningRate">For a batch of 256.</param>
    /// <param name="weightDecay">At least 0.</param>
    /// <param name="seed">Orders images and drives augmentation.</param>
    public FitOptions Options(double learningRate, double weightDecay, int seed) => new()
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        BaseLearningRate = learningRate,
        Optimizer = (Optimizer == OptimizerKind.AdamW ? Training.Optimizer.AdamW : Training.Optimizer.Sgd) with
        {
            WeightDecay = (float)weightDecay,
        },
        WarmupEpochs = WarmupEpochs,
        ScheduleStep = ScheduleStep,
        Seed = seed,
        KeepBest = JudgedEpoch == JudgedEpoch.Best,
    };

    /// <summary>Its name, and what it tries.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Optimizer}, batch {BatchSize}, {Epochs} epochs, rates {Joined(LearningRates)}, decays {Joined(WeightDecays)}, "
            + $"{Seeds.Length} seeds");

    /// <summary>
    /// Every pair of a learning rate and a weight decay, in the order in which they are tried: falling, as in the paper's code.
    /// </summary>
    internal IEnumerable<(double LearningRate, double WeightDecay)> Grid =>
        from rate in LearningRates.Distinct().OrderDescending()
        from decay in WeightDecays.Distinct().OrderDescending()
        select (rate, decay);

    private static string Joined(ImmutableArray<double> numbers) =>
        string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}

/// <summary>The epoch whose validation accuracy counts.</summary>
public enum JudgedEpoch
{
    /// <summary>The last, as in the paper's code.</summary>
    Last,

    /// <summary>The best.</summary>
    Best,
}

/// <summary>The transforms of a recipe.</summary>
public enum RecipeTransforms
{
    /// <summary><see cref="Data.Transforms.Vtab"/>: straight to a square, no augmentation.</summary>
    Vtab,

    /// <summary><see cref="Data.Transforms.FgvcTrain"/> and <see cref="Data.Transforms.FgvcTest"/>: crops and flips.</summary>
    Fgvc,
}
