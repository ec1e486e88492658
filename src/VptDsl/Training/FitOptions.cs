using VptDsl.Data;
using VptDsl.Training.Logs;
using VptDsl.Training.Parallel;

namespace VptDsl.Training;

/// <summary>How a model is tuned. Every default is the paper's where it has one.</summary>
public sealed record FitOptions
{
    /// <summary>How often every training image is seen, at least 1. The paper: 100 (50 for ViT-L and ViT-H).</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>
    /// Images in a step, at least 1; the last batch of an epoch may have fewer. The paper: 64 with 100 prompts or more, 128 with fewer.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// The learning rate at the end of the warm-up for a batch of 256. Left out: 1 for SGD, 0.001 for AdamW. The paper tries 0.05 to
    /// 50 with SGD and prompts: if accuracy matters, try several on a validation set.
    /// </summary>
    public double? BaseLearningRate { get; init; }

    /// <summary>
    /// Whether the base learning rate is multiplied by <see cref="BatchSize"/> / 256, as in the paper. Otherwise it is taken as it
    /// is.
    /// </summary>
    public bool ScaleLearningRate { get; init; } = true;

    /// <summary>SGD (the default) or AdamW, with their own settings and the weight decay.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd;

    /// <summary>
    /// Epochs during which the learning rate rises from 0, less than <see cref="Epochs"/>; need not be whole. Left out: the paper's
    /// 10, or a fifth of the epochs where that is less.
    /// </summary>
    public double? WarmupEpochs { get; init; }

    /// <summary>How often the learning rate changes: at every step (default), or once an epoch as in the paper's code.</summary>
    public ScheduleStep ScheduleStep { get; init; } = ScheduleStep.PerIteration;

    /// <summary>
    /// Decides the order of the images, the augmentation and what is dropped by chance. The same seed gives the same bits on the same
    /// device.
    /// </summary>
    public long Seed { get; init; }

    /// <summary>
    /// How much an image of each class counts in training (<see cref="Training.ClassWeights.Balanced"/>, for instance); left out, all count
    /// the same. Reported training losses are weighted, those of validation are not.
    /// </summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>
    /// What of each training target is spread over all classes alike, from 0 (default) to less than 1; usually 0.1. Reported training
    /// losses are of these targets, those of validation are not.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Mixes training images and their targets in pairs; left out, none. A training image then counts as right if its larger part is. Kept
    /// features are of no use to it: frozen layers run in every epoch.
    /// </summary>
    public Mixup? Mixup { get; init; }

    /// <summary>
    /// Images that are computed at a time, at least 1: gradients add up until <see cref="BatchSize"/> images are seen, and the step is that
    /// of the whole batch, in the memory of the part. Left out: the whole batch at once.
    /// </summary>
    /// <remarks>
    /// The gradient is the whole batch's up to rounding. What a training step measures is not: batch normalisation normalises by each
    /// part's mean and variance and its running statistics take each part into account, and dropout drops anew for each part. An even
    /// number with <see cref="Mixup"/>.
    /// </remarks>
    public int? MicroBatchSize { get; init; }

    /// <summary>
    /// Who computes the steps together: other devices of this process, or other processes. Left out: this tuner alone.
    /// </summary>
    public WorkerGroup? Workers { get; init; }

    /// <summary>
    /// The largest norm of all gradients together, above 0; longer ones are shortened to it, as PyTorch's <c>clip_grad_norm_</c> does. Left
    /// out: they stay.
    /// </summary>
    public double? MaximumGradientNorm { get; init; }

    /// <summary>
    /// A moving average of the trained parameters that is measured, kept and saved in their place. Left out: none.
    /// </summary>
    public ParameterAverage? Average { get; init; }

    /// <summary>
    /// What the learning rate is multiplied by from one layer of the backbone to the one below it, above 0 and at most 1; usually 0.65 to
    /// 0.9. Head, prompts and added networks learn at the full rate, the last layer at this times it. Left out: all learn at the same.
    /// Needs a model that trains something of its backbone.
    /// </summary>
    public double? LayerDecay { get; init; }

    /// <summary>
    /// Stops when this many epochs in a row brought no better accuracy on the validation set, at least 1. Left out: never. Needs a
    /// validation set.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Whether the trained parameters of the epoch with the best validation accuracy (the earliest, if several are equal) are put
    /// back at the end. Without a validation set the last epoch's stay.
    /// </summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>
    /// Changes made to training images, in this order. The paper uses none for VTAB, random crops and flips for fine-grained sets.
    /// </summary>
    public IReadOnlyList<IImageTransform> Augmentation { get; init; } = [];

    /// <summary>
    /// Host memory, in bytes, for what frozen layers made of images: with no prompts, or prompts in later layers alone, those layers
    /// then run once for an image instead of once an epoch. Images beyond it, and augmented ones, are computed each time. 0 keeps
    /// none; the default is 1 GiB. The generated constant <c>FeatureBytes</c> says what an image takes.
    /// </summary>
    public long FeatureCacheBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Where the run is saved every so many steps, so that one that was killed goes on from there: call <c>Fit</c> again in the same
    /// way. A run that is cancelled is saved too. Left out: nothing is.
    /// </summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>
    /// What takes the run's numbers down as it goes: <see cref="TensorBoardLog"/>, <see cref="CsvLog"/>, <see cref="JsonLinesLog"/>, or one
    /// of your own. None unless set. Not part of what a checkpoint's run is.
    /// </summary>
    public IReadOnlyList<IRunLog> Logs { get; init; } = [];

    /// <summary>Steps between two that are logged, at least 1; epochs always are.</summary>
    public int LogEverySteps { get; init; } = 50;

    /// <summary>What is shown on the console meanwhile.</summary>
    public ProgressDisplay Progress { get; init; } = ProgressDisplay.Auto;

    /// <summary>
    /// Called after every epoch, on the calling thread. The model has what the report measured: with <see cref="Average"/>, the average.
    /// </summary>
    public Action<EpochReport>? EpochCompleted { get; init; }

    /// <summary>The epoch after which the run is saved and left as it is, to go on from there another time; null for the last.</summary>
    internal int? PauseAfter { get; init; }

    /// <summary>The learning rate at the end of the warm-up.</summary>
    internal double PeakLearningRate =>
        (BaseLearningRate ?? Optimizer.UsualBaseLearningRate) * (ScaleLearningRate ? BatchSize / 256.0 : 1);

    /// <summary>The most images that are computed at a time.</summary>
    internal int LargestBatch =>
        Math.Min(BatchSize, MicroBatchSize ?? Workers?.ShardOf(BatchSize, inPairs: Mixup is not null) ?? BatchSize);

    /// <summary>The length of the warm-up in epochs.</summary>
    internal double Warmup => WarmupEpochs ?? Math.Min(10, Epochs / 5.0);

    /// <summary>Throws when a setting makes no sense.</summary>
    internal void Validate(bool hasValidation)
    {
        RequirePresent(Optimizer, nameof(Optimizer), "one, for instance Optimizer.Sgd");
        RequirePresent(Augmentation, nameof(Augmentation), "an empty list for none");
        for (int i = 0; i < Augmentation.Count; i++)
            RequirePresent(Augmentation[i], $"{nameof(Augmentation)}[{i}]", "a transform, or take it out of the list");
        RequirePresent(Logs, nameof(Logs), "an empty list for none");
        for (int i = 0; i < Logs.Count; i++)
            RequirePresent(Logs[i], $"{nameof(Logs)}[{i}]", "a log, or take it out of the list");
        Require(LogEverySteps >= 1, nameof(LogEverySteps), LogEverySteps, "must be at least 1.");
        Require(Epochs >= 1, nameof(Epochs), Epochs, "must be at least 1.");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "must be at least 1.");
        Require(
            double.IsFinite(PeakLearningRate) && PeakLearningRate >= 0, nameof(BaseLearningRate), BaseLearningRate,
            "must be 0 or more, and finite.");
        Require(
            Warmup >= 0 && Warmup < Epochs, nameof(WarmupEpochs), WarmupEpochs,
            $"must be at least 0 and less than the {Epochs} epochs, or the learning rate never reaches its peak.");
        Require(FeatureCacheBytes >= 0, nameof(FeatureCacheBytes), FeatureCacheBytes, "must be 0 or more.");
        Require(Patience is null or >= 1, nameof(Patience), Patience, "must be at least 1, or null to never stop early.");
        Require(
            Checkpoint is null or { EverySteps: >= 1 }, $"{nameof(Checkpoint)}.{nameof(Training.Checkpoint.EverySteps)}",
            Checkpoint?.EverySteps, "must be at least 1.");
        Require(
            Patience is null || hasValidation, nameof(Patience), Patience,
            "needs a validation set to watch: give Fit one, for instance with Split.Stratified, or leave Patience out.");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "must be at least 0 and below 1.");
        RequireNoProblem(Mixup?.Problem(), nameof(Mixup));
        Require(MicroBatchSize is null or >= 1, nameof(MicroBatchSize), MicroBatchSize, "must be at least 1, or null for whole batches.");
        Require(
            Mixup is null || LargestBatch == BatchSize || LargestBatch % 2 == 0, nameof(MicroBatchSize), MicroBatchSize,
            $"must be even with {nameof(Mixup)}, which mixes images in pairs.");
        Require(
            MaximumGradientNorm is not { } norm || (norm > 0 && double.IsFinite(norm)), nameof(MaximumGradientNorm), MaximumGradientNorm,
            "must be above 0 and finite, or null to leave gradients as they are.");
        RequireNoProblem(Average?.Problem(), nameof(Average));
        Require(
            LayerDecay is null or (> 0 and <= 1), nameof(LayerDecay), LayerDecay, "must be above 0 and at most 1, or null for one rate.");
        RequireDefined(ScheduleStep, nameof(ScheduleStep));
        RequireDefined(Progress, nameof(Progress));
        Optimizer.Validate();
    }

    /// <summary>The length of the run, its step and its optimiser; the seed.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Epochs} epochs, batch {BatchSize}, rate {BaseLearningRate ?? Optimizer.UsualBaseLearningRate}, {Optimizer}, seed {Seed}");

    private static void RequirePresent(object? value, string name, string remedy)
    {
        if (value is null)
            throw new ArgumentNullException($"{nameof(FitOptions)}.{name}", $"{nameof(FitOptions)}.{name} is null: give {remedy}.");
    }

    private static void RequireNoProblem((string Name, double Value, string Requirement)? problem, string name)
    {
        if (problem is { } found)
            Require(false, $"{name}.{found.Name}", found.Value, found.Requirement);
    }

    private static void RequireDefined<T>(T value, string name)
        where T : struct, Enum
    {
        string? requirement = Enumeration.Requirement(value);
        Require(requirement is null, name, value, $"{requirement}.");
    }

    private static void Require(bool holds, string name, object? value, string requirement)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException($"{nameof(FitOptions)}.{name}", value, $"{nameof(FitOptions)}.{name} {requirement}");
    }
}

/// <summary>What is shown on the console during a fit.</summary>
public enum ProgressDisplay
{
    /// <summary>A progress bar on a terminal; one plain line for each epoch where the output is redirected.</summary>
    Auto,

    /// <summary>Nothing.</summary>
    Off,

    /// <summary>A progress bar with loss, accuracy, images a second and the time left.</summary>
    Bar,

    /// <summary>One plain line for each epoch, also where the output is redirected.</summary>
    Lines,
}
