using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Inspection;

/// <summary>The shapes of a file's tensors, with their axes in the canonical order whatever the dialect's order is.</summary>
/// <param name="source">The file.</param>
/// <param name="dialect">Its naming.</param>
/// <param name="marked">
/// A small backbone's parameters: asked for these, a dialect shows where it puts each axis. No two axes that matter have the same length.
/// </param>
internal sealed class StoredShapes(IWeightSource source, IWeightDialect dialect, IReadOnlyList<ParameterDescription> marked)
{
    /// <summary>A parameter's shape in the file; null if it is missing, is made of several tensors, or is of another kind.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="like">The one of the small backbone that has its axes; itself unless stated.</param>
    public int[]? Find(string name, string? like = null)
    {
        var parameter = Marked(name, like ?? name);
        if (dialect.Parts(parameter) is not [var part]
            || !source.TryFind(part.Tensor, out var tensor)
            || tensor.Shape.Any(dimension => dimension is < 1 or > int.MaxValue))
        {
            return null;
        }

        ImmutableArray<long> shape = TensorSize.WithoutPixel(tensor.Shape, part.Shape.Length);
        ImmutableArray<long> stored = [.. Enumerable.Repeat(1L, Math.Max(0, part.Shape.Length - shape.Length)), .. shape];
        return stored.Length == part.Shape.Length ? InOrder(stored, part.Shape, parameter.Shape) : null;
    }

    /// <summary>Whether a parameter is in the file, be it in several tensors.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="like">The one of the small backbone that has its axes; itself unless stated.</param>
    public bool Has(string name, string? like = null) =>
        dialect.Parts(Marked(name, like ?? name)) is { Count: > 0 } parts && parts.All(part => source.TryFind(part.Tensor, out _));

    /// <summary>Into how many tensors the file stacks a parameter apart; 0 where it has none of it.</summary>
    /// <param name="name">The parameter.</param>
    public int PartsOf(string name) => Has(name) ? dialect.Parts(Marked(name, name)).Count : 0;

    /// <summary>How many of numbered parameters there are, from 0 on.</summary>
    /// <param name="name">The parameter of a number, in text.</param>
    /// <param name="like">The one of the small backbone that has their axes.</param>
    public int Count(Func<string, string> name, string like)
    {
        int count = 0;
        while (Find(name(count.ToString(CultureInfo.InvariantCulture)), like) is not null)
        {
            count++;
        }

        return count;
    }

    /// <summary>The number of attention heads, where the file keeps them as an axis of a parameter; otherwise null.</summary>
    public int? FindHeads(string name) =>
        dialect.Parts(Marked(name, name)) is [{ HeadAxis: { } axis } part, ..]
        && source.TryFind(part.Tensor, out var tensor)
        && tensor.Shape.Length == part.Shape.Length + 1
        && tensor.Shape[axis] is >= 1 and <= int.MaxValue and var heads
            ? (int)heads
            : null;

    private ParameterDescription Marked(string name, string like) => marked.First(parameter => parameter.Name == like) with { Name = name };

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
