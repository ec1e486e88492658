using System.Collections.Immutable;
using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>One project's way of naming and laying out the tensors of a backbone. timm's is this library's own.</summary>
/// <remarks>To support another: write one class here and list it in <see cref="KnownDialects"/>.</remarks>
internal interface IWeightDialect
{
    /// <summary>Whose naming this is, for messages and reports.</summary>
    public string Name { get; }

    /// <summary>How positions are brought to another image size: as timm does, unless the dialect's own project has another way.</summary>
    public PositionRule Positions => PositionRule.BicubicAntialias;

    /// <summary>The tensors that make up a parameter; none if this naming does not know it.</summary>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter);

    /// <summary>Whether a tensor that no parameter needs belongs to the checkpoint's own classifier or pre-training.</summary>
    public bool Ignores(string tensor);
}

/// <summary>A tensor that provides a parameter, or one of those that do when stacked along the first axis.</summary>
/// <param name="Tensor">Its name in the file.</param>
/// <param name="Shape">Its shape in the file, up to leading ones.</param>
internal sealed record TensorPart(string Tensor, ImmutableArray<int> Shape)
{
    /// <summary>An axis of <see cref="Shape"/> that files may keep as two, <c>[heads, head]</c>; null if there is none.</summary>
    public int? HeadAxis { get; init; }

    /// <summary>The rows that are taken of the stored tensor; null for all of them.</summary>
    public (int Start, int Count)? Rows { get; init; }

    /// <summary>
    /// Rows before the grid of patches in stored positions, where they are more than the parameter's: those are left out; null where they
    /// are as many.
    /// </summary>
    public int? PositionPrefix { get; init; }

    /// <summary>A tensor of positions whose first row is added, where the parameter is a token that has its place in it.</summary>
    public string? AddedPositions { get; init; }

    /// <summary>Brings the stored elements into the parameter's order; null if they are in it already.</summary>
    public Rearrangement? Rearrange { get; init; }

    /// <summary>Elements of the parameter that it provides.</summary>
    public long Count => Shape.Skip(1).Aggregate((long)(Rows?.Count ?? Shape[0]), (product, dimension) => product * dimension);

    /// <summary>Equal tensors that make up a parameter when stacked along the first axis.</summary>
    public static IReadOnlyList<TensorPart> Stacked(ParameterDescription parameter, params string[] tensors)
    {
        var shape = parameter.Shape.SetItem(0, parameter.Shape[0] / tensors.Length);
        return [.. tensors.Select(tensor => new TensorPart(tensor, shape))];
    }
}

/// <summary>Brings a stored tensor's elements into another order, for instance transposes a matrix.</summary>
internal delegate void Rearrangement(ReadOnlySpan<float> stored, Span<float> rearranged);
