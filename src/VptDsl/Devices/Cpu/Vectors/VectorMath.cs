using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Functions that the instruction set lacks. NaN comes out as NaN.</summary>
internal static class VectorMath
{
    // Inside these, the result's exponent needs no care; exp(-86.5) is 3e-38.
    private const float SmallestExponent = -86.5f;
    private const float LargestExponent = 88.5f;

    // Added to a float of moderate size, it leaves the nearest integer in the lowest bits of the sum.
    private const float RoundingShift = 12582912f;

    /// <summary>e to the x: relative error below 2e-7; below x = -86.5 it stays at 3e-38, above 88.5 at 3e38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x) =>
        ExpWithin(Vector.MinNative(Vector.Create(LargestExponent), Vector.MaxNative(Vector.Create(SmallestExponent), x)));

    /// <summary>
    /// As <see cref="Exp"/>, of x up to 88.5, but 0 below x = -86.5: a share of a softmax that is nothing stays nothing, and what is
    /// multiplied by it is no denormal number, which processors take a hundred times as long for.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ExpOrZero(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(SmallestExponent)), Vector<float>.Zero, ExpWithin(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ExpWithin(Vector<float> x)
    {
        // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, so that n times the first is exact.
        var shifted = Vector.MultiplyAddEstimate(x, Vector.Create(1.44269504f), Vector.Create(RoundingShift));
        var n = shifted - Vector.Create(RoundingShift);
        var r = Vector.MultiplyAddEstimate(n, Vector.Create(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, Vector.Create(2.12194440e-4f), r);

        // exp(r) = 1 + r + r² p(r); p interpolates at Chebyshev nodes, relative error 1e-8.
        var p = Vector.Create(0.0013926177f);
        p = Vector.MultiplyAddEstimate(p, r, Vector.Create(0.0083631743f));
        p = Vector.MultiplyAddEstimate(p, r, Vector.Create(0.041666556f));
        p = Vector.MultiplyAddEstimate(p, r, Vector.Create(0.16666578f));
        p = Vector.MultiplyAddEstimate(p, r, Vector.Create(0.5f));
        p = Vector.MultiplyAddEstimate(p, r * r, r) + Vector<float>.One;

        // Times 2^n: n added to the exponent's bits.
        return Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(shifted) << 23));
    }

    /// <summary>The standard normal distribution: its cumulative probability at x (absolute error below 1e-7) and its density.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Normal(Vector<float> x, out Vector<float> density)
    {
        var magnitude = Vector.Abs(x);
        var e = Exp(x * x * Vector.Create(-0.5f));
        density = e * Vector.Create(0.398942280f);

        // The tail beyond |x| is exp(-x²/2) t p(t), t = 1 / (1 + 0.27 |x|): a smooth function on (0, 1]; p interpolates it at
        // Chebyshev nodes, relative error 4e-8.
        var t = Vector<float>.One / Vector.MultiplyAddEstimate(magnitude, Vector.Create(0.27f), Vector<float>.One);
        var p = Vector.Create(0.029107029f);
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(-0.12724212f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(0.17144468f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(-0.071213916f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(0.1092772f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(0.071406059f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(0.101980366f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(0.10751861f));
        p = Vector.MultiplyAddEstimate(p, t, Vector.Create(0.1077221f));
        var tail = e * t * p;
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), tail, Vector<float>.One - tail);
    }

    /// <summary>x·σ(p), where p has the sign of x: an error below that of the last digit, whatever x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LogisticShare(Vector<float> x, Vector<float> p)
    {
        var missing = x * LogisticTail(p);
        return Vector.ConditionalSelect(Vector.LessThan(p, Vector<float>.Zero), missing, x - missing);
    }

    /// <summary>The derivative of x·σ(p): σ(p) + x·p'·σ(p)·(1 - σ(p)).</summary>
    /// <param name="growth">x times the derivative of p.</param>
    /// <param name="p">The logistic function's argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LogisticShareDerivative(Vector<float> growth, Vector<float> p)
    {
        var tail = LogisticTail(p);
        var rest = Vector<float>.One - tail;
        var share = Vector.ConditionalSelect(Vector.LessThan(p, Vector<float>.Zero), tail, rest);
        return Vector.MultiplyAddEstimate(growth, tail * rest, share);
    }

    /// <summary>The logistic function at -|p|: from there it is symmetric, and nothing cancels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LogisticTail(Vector<float> p)
    {
        var e = Exp(-Vector.Abs(p));
        return e / (Vector<float>.One + e);
    }

    /// <summary>x times the normal distribution's cumulative probability at x: the exact GELU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Gelu(Vector<float> x) => x * Normal(x, out _);

    /// <summary>The derivative of <see cref="Gelu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> GeluDerivative(Vector<float> x)
    {
        var probability = Normal(x, out var density);
        return Vector.MultiplyAddEstimate(x, density, probability);
    }
}
