using System.Collections.Immutable;

namespace VptDsl.Programs;

/// <summary>What a generated model tells the runtime about itself.</summary>
public sealed record ModelDescription
{
    /// <summary>The annotated class's name.</summary>
    public required string Name { get; init; }

    /// <summary>The declaration in one line; two models with the same text have the same parameters and the same function.</summary>
    public required string Declaration { get; init; }

    /// <summary>Colour channels of an image.</summary>
    public required int Channels { get; init; }

    /// <summary>Height and width of an image in pixels.</summary>
    public required PlaneSize ImageSize { get; init; }

    /// <summary>The classes that the head has room for: a task has as many or fewer (<see cref="ModelProgram.TaskClasses"/>).</summary>
    public required int Classes { get; init; }

    /// <summary>
    /// Labels of an image: 1, its class; one for each of its pixels; or one for each class that the head has room for, of which a task has
    /// the first so many (<see cref="IsMultiLabel"/>).
    /// </summary>
    public int LabelsPerImage { get; init; } = 1;

    /// <summary>Whether an image can have several classes, or none: each has a probability of its own.</summary>
    public bool IsMultiLabel { get; init; }

    /// <summary>The label of what neither loss nor measure counts; null where everything counts.</summary>
    public int? IgnoredLabel { get; init; }

    /// <summary>
    /// What its kernels for tensor cores multiply; null where it has none. Which of a run's devices has tensor cores is another matter
    /// (<see cref="Training.FitReport.Precision"/>).
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// In what a training step keeps what its backward pass reads of its forward pass, on every device:
    /// <see cref="VptDsl.Precision.BFloat16"/> where that is the model's precision, else <see cref="VptDsl.Precision.Float32"/>.
    /// </summary>
    public Precision SavedActivations { get; init; } = VptDsl.Precision.Float32;

    /// <summary>What of the backbone's function no parameter's shape tells; null where nobody said.</summary>
    public BackboneTraits? Traits { get; init; }

    /// <summary>Every parameter, frozen and trained, with its place in memory.</summary>
    public required ImmutableArray<ParameterDescription> Parameters { get; init; }

    /// <summary>Whether each pixel of an image has a class.</summary>
    public bool IsOfPixels => LabelsPerImage > 1 && !IsMultiLabel;

    /// <summary>Floats in one image.</summary>
    public int ImageFloats => Channels * ImageSize.Count;

    /// <summary>Floats in <see cref="Region.Weights"/>.</summary>
    public long FrozenFloats => FloatsOf(Region.Weights);

    /// <summary>Floats in <see cref="Region.Trained"/> and in the regions laid out like it.</summary>
    public long TrainedFloats => FloatsOf(Region.Trained);

    /// <summary>Floats in <see cref="Region.Statistics"/>.</summary>
    public long MeasuredFloats => FloatsOf(Region.Statistics);

    /// <summary>
    /// In what memory holds the frozen weights of products (<see cref="ParameterDescription.Storage"/>), on every device.
    /// </summary>
    public WeightStorage FrozenWeights =>
        Parameters.Any(p => p.Storage == WeightStorage.BFloat16) ? WeightStorage.BFloat16 : WeightStorage.Float32;

    /// <summary>What is rounded on every device, for people; nothing where all is float32.</summary>
    internal string RoundedText =>
        (SavedActivations == VptDsl.Precision.Float32 ? "" : $", saved activations in {SavedActivations}")
            + (FrozenWeights == WeightStorage.Float32 ? "" : $", frozen weights in {FrozenWeights}");

    /// <summary>
    /// The class's name and its declaration, what tensor cores multiply if it has kernels for them, and what saved activations and frozen
    /// weights are, if not float32.
    /// </summary>
    public override string ToString() =>
        $"{Name}: {Declaration}{(Precision is { } precision ? $", {precision} on tensor cores" : "")}{RoundedText}";

    private long FloatsOf(Region region) =>
        Parameters.Where(p => p.Region == region).Select(p => p.Offset + p.Floats).DefaultIfEmpty(0).Max();
}

/// <summary>What of a backbone's function no parameter's shape tells: a weight file that says otherwise is for another model.</summary>
/// <param name="Heads">Attention heads, of each stage where there are stages; empty without attention.</param>
/// <param name="Epsilon">What normalisations add to a variance.</param>
/// <param name="Activation">
/// The activation between layers, as Hugging Face's configurations call it; empty where it is a gate, which they call by several names.
/// </param>
public sealed record BackboneTraits(ImmutableArray<int> Heads, double Epsilon, string Activation);

/// <summary>One parameter tensor of a model.</summary>
/// <param name="Name">Its canonical (timm) name, for instance <c>blocks.0.attn.qkv.weight</c>; prompts are <c>prompts.{layer}</c>.</param>
/// <param name="Shape">Its shape as stored in files, for instance [3 * width, width].</param>
/// <param name="Kind">Backbone, prompt or head.</param>
/// <param name="Trained">Whether gradients change it; then it lies in <see cref="Region.Trained"/>.</param>
/// <param name="Offset">Its offset in that region, in floats.</param>
/// <param name="Initializer">How it is drawn when no file provides it.</param>
public sealed record ParameterDescription(
    string Name,
    ImmutableArray<int> Shape,
    ParameterKind Kind,
    bool Trained,
    long Offset,
    Initializer Initializer)
{
    /// <summary>
    /// Whether training steps measure it, as a running mean: it lies in <see cref="Region.Statistics"/>, and belongs to a task as what is
    /// trained does.
    /// </summary>
    public bool IsMeasured { get; init; }

    /// <summary>How its rows follow each other, where they are positions; null for all else.</summary>
    public PatchGrid? Grid { get; init; }

    /// <summary>
    /// In what memory holds it: <see cref="WeightStorage.BFloat16"/> has each two neighbouring columns in the place of one float, the first
    /// in the lower half of its bits.
    /// </summary>
    public WeightStorage Storage { get; init; }

    /// <summary>The region that it lies in.</summary>
    public Region Region => Trained ? Region.Trained : IsMeasured ? Region.Statistics : Region.Weights;

    /// <summary>Whether a task file holds it: what is trained, and what is drawn and left as it is.</summary>
    internal bool IsOfTask => Trained || Kind is not (ParameterKind.Backbone or ParameterKind.Computed);

    /// <summary>Whether training changes it.</summary>
    internal bool IsLearned => Trained || IsMeasured;

    /// <summary>Whether it is drawn, or comes with a task, and no training changes it.</summary>
    internal bool IsFrozenOfTask => IsOfTask && !IsLearned;

    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>The floats of memory that it takes.</summary>
    internal long Floats => Storage == WeightStorage.BFloat16 ? Count / 2 : Count;

    /// <summary>Its name and shape, and whether it is trained, measured or frozen.</summary>
    public override string ToString() =>
        $"{Name} [{string.Join(", ", Shape)}], {(Trained ? "trained" : IsMeasured ? "measured" : "frozen")}";
}

/// <summary>How a parameter is drawn when no file provides it.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Value">
/// <see cref="Distribution.Constant"/>: the value; <see cref="Distribution.Uniform"/>: the half-width of an interval around 0;
/// <see cref="Distribution.ClassToken"/>: the standard deviation;
/// <see cref="Distribution.SineCosine"/>: the longest wavelength over 2π;
/// <see cref="Distribution.RotaryHalves"/>: the longest period over the shortest;
/// <see cref="Distribution.RotaryPairs"/>: the patches on a side of the images of pre-training;
/// <see cref="Distribution.Fraction"/>: the end of an interval from 0 on;
/// <see cref="Distribution.FanOut"/>: the variance times the rows;
/// <see cref="Distribution.Normal"/>: the standard deviation.
/// </param>
public readonly record struct Initializer(Distribution Distribution, float Value);
