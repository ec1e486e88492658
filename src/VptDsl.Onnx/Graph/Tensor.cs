using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.Onnx.Graph;

/// <summary>A tensor of a graph: what a node computes, an input, or a constant.</summary>
/// <param name="name">Its name; that of a constant may have to give way where the graph takes it up.</param>
/// <param name="dimensions">Its dimensions; <see cref="Batch"/> and <see cref="Open"/> stand for those that no file knows.</param>
/// <param name="constant">Reads the elements of a constant; null for all else.</param>
/// <param name="reshaped">What it is the same elements of; null for all else.</param>
internal sealed class Tensor(string name, ImmutableArray<int> dimensions, Func<float[]>? constant = null, Tensor? reshaped = null)
{
    /// <summary>The number of images, which comes first; in the shape that a node takes, the dimension that is there.</summary>
    public const int Batch = 0;

    /// <summary>A number that no file knows, such as that of a task's classes where they are an input's.</summary>
    public const int Open = -1;

    public string Name { get; } = name;

    public ImmutableArray<int> Dimensions { get; } = dimensions;

    /// <summary>Reads the elements of a constant.</summary>
    public Func<float[]>? Constant { get; } = constant;

    /// <summary>What it is the same elements of, where no node says so before one reads it.</summary>
    public Tensor? Reshaped { get; } = reshaped;

    public int Rank => Dimensions.Length;

    public bool IsBatched => Rank > 0 && Dimensions[0] == Batch;

    /// <summary>The elements of a constant.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);

    public int this[Index dimension] => Dimensions[dimension];

    public override string ToString() => $"{Name} [{string.Join(", ", Dimensions.Select(Describe))}]";

    private static string Describe(int dimension) => dimension switch
    {
        Batch => "batch",
        Open => "classes",
        _ => dimension.ToString(CultureInfo.InvariantCulture),
    };
}
