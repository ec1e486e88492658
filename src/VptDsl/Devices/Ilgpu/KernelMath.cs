using System.ComponentModel;
using ILGPU;
using ILGPU.Algorithms;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Functions that generated kernels call and that every back-end can compile. NaN comes out as NaN.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KernelMath
{
    private const float DensityAtZero = 0.398942280f;

    // 2·√(2/π), and that times 0.044715: (1 + tanh(u)) / 2 = σ(2u).
    private const float TanhLinear = 1.59576912f;
    private const float TanhCubic = 0.0713548163f;

    /// <summary>x times the normal distribution's cumulative probability at x: the exact GELU.</summary>
    public static float Gelu(float x)
    {
        float tail = Tail(x, XMath.Exp(-0.5f * x * x));
        return x * (x < 0 ? tail : 1 - tail);
    }

    /// <summary>The derivative of <see cref="Gelu"/>.</summary>
    public static float GeluDerivative(float x)
    {
        float e = XMath.Exp(-0.5f * x * x);
        float tail = Tail(x, e);
        return (x < 0 ? tail : 1 - tail) + (x * e * DensityAtZero);
    }

    /// <summary>The approximation of GELU by a hyperbolic tangent: x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2.</summary>
    public static float GeluTanh(float x)
    {
        float near = Near(x);
        return LogisticShare(x, near * ((near * near * TanhCubic) + TanhLinear));
    }

    /// <summary>The derivative of <see cref="GeluTanh"/>.</summary>
    public static float GeluTanhDerivative(float x)
    {
        float near = Near(x), square = near * near;
        return LogisticShareDerivative(near * ((square * 3 * TanhCubic) + TanhLinear), near * ((square * TanhCubic) + TanhLinear));
    }

    /// <summary>The approximation of GELU by a logistic function: x·σ(1.702·x).</summary>
    public static float QuickGelu(float x) => LogisticShare(x, 1.702f * x);

    /// <summary>The derivative of <see cref="QuickGelu"/>.</summary>
    public static float QuickGeluDerivative(float x) => LogisticShareDerivative(1.702f * x, 1.702f * x);

    /// <summary>max(x, 0).</summary>
    public static float Relu(float x) => x < 0 ? 0 : x;

    /// <summary>dy times the derivative of <see cref="Relu"/>: dy where its result (or its input) is positive, 0 elsewhere.</summary>
    /// <remarks>
    /// Not a product: of the choice between 1 and 0 ILGPU makes the comparison's bits, which OpenCL reads as a number near 0.
    /// </remarks>
    public static float ReluGradient(float dy, float y) => y > 0 ? dy : 0;

    /// <summary>x·σ(x).</summary>
    public static float Silu(float x) => LogisticShare(x, x);

    /// <summary>The derivative of <see cref="Silu"/>.</summary>
    public static float SiluDerivative(float x) => LogisticShareDerivative(x, x);

    /// <summary>Whether chance leaves an element of an image: a hash of all that is given, of 24 bits, reaches the threshold.</summary>
    /// <param name="first">The first of the noise's numbers.</param>
    /// <param name="second">The second.</param>
    /// <param name="image">The image's place in the batch.</param>
    /// <param name="element">The element's place in its matrix, row by row.</param>
    /// <param name="threshold">The share that is dropped, of 2²⁴.</param>
    public static bool Stays(float first, float second, int image, int element, int threshold) =>
        Chance.Stays(first, second, image, element, threshold);

    /// <summary>The logistic function, 1 / (1 + exp(-x)).</summary>
    public static float Logistic(float x) => 1 / (1 + XMath.Exp(-x));

    /// <summary>a and b in the shares σ(gate) and 1 − σ(gate).</summary>
    public static float Blend(float gate, float a, float b)
    {
        float share = Logistic(gate);
        return (share * a) + ((1 - share) * b);
    }

    /// <summary>Two floats, rounded to bfloat16, halves to even, as the bits of one: the first in the lower half.</summary>
    /// <remarks>Bits are moved as whole numbers: as a float they may be a signalling NaN, which arithmetic would change.</remarks>
    public static float PackPair(float first, float second) =>
        Interop.IntAsFloat(ToBFloat16(Interop.FloatAsInt(first)) | (ToBFloat16(Interop.FloatAsInt(second)) << 16));

    /// <summary>The float of a column that <see cref="PackPair"/> made a half of one.</summary>
    /// <param name="packed">Both.</param>
    /// <param name="half">0 for the first, 1 for the second.</param>
    public static float UnpackPair(float packed, int half)
    {
        uint bits = Interop.FloatAsInt(packed);
        return Interop.IntAsFloat(half == 0 ? bits << 16 : bits & 0xffff0000u);
    }

    /// <summary>The bits of the nearest bfloat16; of NaN, those of a quiet one.</summary>
    private static uint ToBFloat16(uint bits) =>
        (bits & 0x7fffffffu) > 0x7f800000u ? 0x7fffu : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;

    /// <summary>x as far as the logistic function of its cube is neither 0 nor 1 to the last digit: beyond, cubes would overflow.</summary>
    private static float Near(float x) => x < -10 ? -10 : x > 10 ? 10 : x;

    /// <summary>x·σ(p), where p has the sign of x.</summary>
    private static float LogisticShare(float x, float p)
    {
        float missing = x * LogisticTail(p);
        return p < 0 ? missing : x - missing;
    }

    /// <summary>The derivative of x·σ(p), by x times the derivative of p.</summary>
    private static float LogisticShareDerivative(float growth, float p)
    {
        float tail = LogisticTail(p);
        return (p < 0 ? tail : 1 - tail) + (growth * tail * (1 - tail));
    }

    /// <summary>The logistic function at -|p|: from there it is symmetric, and nothing cancels.</summary>
    private static float LogisticTail(float p)
    {
        float e = XMath.Exp(-XMath.Abs(p));
        return e / (1 + e);
    }

    /// <summary>The normal distribution's probability beyond |x|: absolute error below 1e-7.</summary>
    /// <remarks>
    /// exp(-x²/2) t p(t) with t = 1 / (1 + 0.27 |x|): a smooth function on (0, 1], which p interpolates at Chebyshev nodes. The same
    /// polynomial as on the CPU, so that devices agree.
    /// </remarks>
    private static float Tail(float x, float e)
    {
        float t = 1 / ((0.27f * XMath.Abs(x)) + 1);
        float p = 0.029107029f;
        p = (p * t) - 0.12724212f;
        p = (p * t) + 0.17144468f;
        p = (p * t) - 0.071213916f;
        p = (p * t) + 0.1092772f;
        p = (p * t) + 0.071406059f;
        p = (p * t) + 0.101980366f;
        p = (p * t) + 0.10751861f;
        p = (p * t) + 0.1077221f;
        return e * t * p;
    }
}
