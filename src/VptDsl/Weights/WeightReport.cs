using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>What loading a backbone found in the file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Dialect">Whose names the tensors had, for instance <c>timm</c>.</param>
/// <param name="Loaded">The number of the model's parameters that were loaded.</param>
/// <param name="Ignored">The file's tensors that no backbone has: its own classifier and what else belongs to its pre-training.</param>
public sealed record WeightReport(string Path, string Dialect, int Loaded, ImmutableArray<string> Ignored)
{
    // A checkpoint of MoCo holds a second encoder: hundreds of tensors, all ignored for one reason.
    private const int ShownIgnored = 4;

    /// <summary>How position embeddings were brought to the model's image size; null if they had it.</summary>
    public PositionResampling? Positions { get; init; }

    /// <summary>How the patch embedding was brought to the model's patches; null if it was made for them.</summary>
    public PatchKernelResampling? Kernels { get; init; }

    /// <summary>
    /// Parameters that such checkpoints come without, for instance the norm behind MAE's pool: they have their first values.
    /// </summary>
    public ImmutableArray<string> Fresh { get; init; } = [];

    /// <summary>Who published the checkpoint, as far as its names tell.</summary>
    public CheckpointKind Kind { get; init; }

    /// <summary>What is said of the checkpoint in it and beside it, above all how images must be normalised.</summary>
    public CheckpointFacts Facts { get; init; } = new();

    /// <summary>What speaks against the declaration, though every tensor fits; null if nothing does. <c>Fit</c> warns with it.</summary>
    public string? Hint { get; init; }

    /// <summary>The names that the tensors had; null where they were arranged otherwise, so that they name no layer of their own.</summary>
    internal IWeightDialect? Naming { get; init; }

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        string more = Ignored.Length > ShownIgnored ? $" and {Ignored.Length - ShownIgnored} more" : "";
        string ignored = Ignored.IsEmpty ? "" : $", ignored {string.Join(", ", Ignored.Take(ShownIgnored).Select(Quoted.Name))}{more}";
        string fresh = Fresh.IsEmpty ? "" : $", new {string.Join(", ", Fresh)}";
        string positions = Positions is null ? "" : $", {Positions}";
        string kernels = Kernels is null ? "" : $", {Kernels}";
        return $"{Path}: {Dialect} names, loaded {Loaded} tensors{positions}{kernels}{fresh}{ignored}";
    }
}
