using System.Collections.Immutable;
using VptDsl.Data;

namespace VptDsl.Weights;

/// <summary>What is said of a checkpoint beside the values of its tensors, each with where it was said; what nobody said is null.</summary>
/// <remarks>
/// Read from the metadata that <c>SaveBackbone</c> writes, from <c>preprocessor_config.json</c>, <c>processor_config.json</c> and
/// <c>config.json</c> in the weight file's folder (Hugging Face's and timm's), and from names and shapes that only one kind of checkpoint
/// has. Where two say different things the one that stands first here is taken, and <see cref="Remarks"/> says so.
/// </remarks>
public sealed record CheckpointFacts
{
    /// <summary>How images must be normalised.</summary>
    public Stated<Normalization>? Normalization { get; init; }

    /// <summary>Height and width in pixels of the images it was trained on.</summary>
    public Stated<PlaneSize>? ImageSize { get; init; }

    /// <summary>
    /// How those images were resized: <c>bilinear</c>, <c>bicubic</c>, <c>nearest</c>, <c>lanczos</c>, <c>box</c> or <c>hamming</c>.
    /// </summary>
    public Stated<string>? Interpolation { get; init; }

    /// <summary>Attention heads, separated by commas where stages have different ones.</summary>
    public Stated<string>? Heads { get; init; }

    /// <summary>What normalisations inside the backbone add to a variance.</summary>
    public Stated<double>? Epsilon { get; init; }

    /// <summary>The activation between layers, for instance <c>gelu</c>.</summary>
    public Stated<string>? Activation { get; init; }

    /// <summary>Sentences on what was passed over, and why.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>What is known, separated by commas, or that nothing is.</summary>
    public override string ToString()
    {
        (string Name, object? Fact)[] facts =
        [
            ("normalisation", Normalization), ("image size", ImageSize), ("interpolation", Interpolation), ("heads", Heads),
            ("epsilon", Epsilon),
            ("activation", Activation),
        ];
        string known = string.Join(", ", facts.Where(fact => fact.Fact is not null).Select(fact => $"{fact.Name} {fact.Fact}"));
        return known.Length > 0 ? known : "nothing is said of it";
    }

    /// <summary>These, completed by what others say of it.</summary>
    internal CheckpointFacts Or(CheckpointFacts other)
    {
        var remarks = Remarks.AddRange(other.Remarks).ToBuilder();
        return new CheckpointFacts
        {
            Normalization = First("normalisation", Normalization, other.Normalization),
            ImageSize = First("image size", ImageSize, other.ImageSize),
            Interpolation = First("interpolation", Interpolation, other.Interpolation),
            Heads = First("number of heads", Heads, other.Heads),
            Epsilon = First("epsilon", Epsilon, other.Epsilon),
            Activation = First("activation", Activation, other.Activation),
            Remarks = remarks.ToImmutable(),
        };

        Stated<T>? First<T>(string what, Stated<T>? mine, Stated<T>? others)
            where T : notnull
        {
            if (mine is not null && others is not null && $"{mine.Value}" != $"{others.Value}")
                remarks.Add($"The {what} is {mine}, not {others}.");
            return mine ?? others;
        }
    }
}
