namespace VptDsl.Testing.Golden;

/// <summary>A tensor of a golden case.</summary>
/// <param name="Shape">Its dimensions; empty for a single number.</param>
/// <param name="Values">Its elements, row-major.</param>
public sealed record GoldenTensor(IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>Part <paramref name="index"/> along the first dimension.</summary>
    public GoldenTensor this[int index]
    {
        get
        {
            int count = Values.Length / Shape[0];
            return new(Shape.Skip(1).ToArray(), Values.AsSpan(index * count, count).ToArray());
        }
    }
}
