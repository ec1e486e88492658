using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights.Inspection;

/// <summary>The shapes of a file's tensors, with their axes in the canonical order whatever the dialect's order is.</summary>
internal sealed class StoredShapes(IWeightSource source, IWeightDialect dialect)
{
    // Asked for a model with these sizes, a dialect shows where it puts each: no two axes that matter have the same length.
    private static readonly VitSketch Marked =
        new(Width: 11, Layers: 1, Heads: null, HeadsAreGuessed: false, Mlp: 13, Patch: 7, Image: 14, Channels: 5);

    private static readonly ImmutableArray<ParameterDescription> MarkedParameters = [.. VitParameters.List(Marked)];

    private const string FirstBlock = "blocks.0.";

    /// <summary>What every vision transformer has, to recognise dialects by.</summary>
    public static IReadOnlyList<ParameterDescription> Probes => MarkedParameters;

    /// <summary>A parameter's shape in the file; null if it is missing, is made of several tensors, or is of another kind.</summary>
    public int[]? Find(string name)
    {
        var marked = MarkedOf(name);
        if (dialect.Parts(marked) is not [var part]
            || !source.TryFind(part.Tensor, out var tensor)
            || tensor.Shape.Any(dimension => dimension is < 1 or > int.MaxValue))
        {
            return null;
        }

        ImmutableArray<long> stored = [.. Enumerable.Repeat(1L, Math.Max(0, part.Shape.Length - tensor.Shape.Length)), .. tensor.Shape];
        return stored.Length == part.Shape.Length ? InOrder(stored, part.Shape, marked.Shape) : null;
    }

    /// <summary>The number of attention heads, where the file keeps them as an axis; otherwise null.</summary>
    public int? FindHeads() =>
        dialect.Parts(MarkedOf("blocks.0.attn.qkv.bias")) is [{ HeadAxis: { } axis } part, ..]
        && source.TryFind(part.Tensor, out var tensor)
        && tensor.Shape.Length == part.Shape.Length + 1
        && tensor.Shape[axis] is >= 1 and <= int.MaxValue and var heads
            ? (int)heads
            : null;

    private static ParameterDescription MarkedOf(string name)
    {
        string inBlock = name.StartsWith("blocks.", StringComparison.Ordinal) ? name[(name.IndexOf('.', "blocks.".Length) + 1)..] : name;
        string first = inBlock.Length < name.Length ? FirstBlock + inBlock : name;
        return MarkedParameters.First(parameter => parameter.Name == first) with { Name = name };
    }

    private static int[] InOrder(ImmutableArray<long> stored, ImmutableArray<int> markedStored, ImmutableArray<int> markedCanonical)
    {
        var free = markedStored.ToList();
        int[] ordered = new int[stored.Length];
        for (int axis = 0; axis < ordered.Length; axis++)
        {
            int place = free.IndexOf(markedCanonical[axis]);
            ordered[axis] = (int)stored[place];
            free[place] = 0;
        }

        return ordered;
    }
}
