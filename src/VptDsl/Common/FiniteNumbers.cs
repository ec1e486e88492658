using System.Numerics;
using System.Runtime.InteropServices;

namespace VptDsl.Common;

/// <summary>Tells whether numbers are finite, at the speed of memory.</summary>
internal static class FiniteNumbers
{
    /// <summary>Whether none is NaN or infinite.</summary>
    /// <remarks>Zero times a finite number is zero, and NaN otherwise: one product and one sum for a whole vector.</remarks>
    public static bool AreAll(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> sum = Vector<float>.Zero;
        foreach (Vector<float> vector in vectors)
            sum += vector * Vector<float>.Zero;
        float rest = Vector.Sum(sum);
        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
            rest += value * 0;
        return rest == 0;
    }
}
