using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>An activation function: a type, so that a loop over it is compiled for it alone.</summary>
internal interface IActivationFunction
{
    /// <summary>The function's value.</summary>
    public static abstract Vector<float> Value(Vector<float> x);

    /// <summary>The derivative at a gate: the function's input; of <see cref="ReluFunction"/>, its result will do.</summary>
    public static abstract Vector<float> Derivative(Vector<float> gate);
}

/// <summary>Something that is done with an activation function of any type.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
internal interface IActivationUse<TResult>
{
    /// <summary>Does it.</summary>
    public TResult With<TFunction>()
        where TFunction : struct, IActivationFunction;
}

/// <summary>Finds the function of each kind.</summary>
internal static class ActivationFunctions
{
    /// <summary>Does something with the function of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static TResult Use<TUse, TResult>(ActivationKind kind, TUse use)
        where TUse : struct, IActivationUse<TResult> => kind switch
        {
            ActivationKind.Gelu => use.With<GeluFunction>(),
            ActivationKind.GeluTanh => use.With<GeluTanhFunction>(),
            ActivationKind.QuickGelu => use.With<QuickGeluFunction>(),
            ActivationKind.Relu => use.With<ReluFunction>(),
            ActivationKind.Silu => use.With<SiluFunction>(),
            _ => throw new ArgumentOutOfRangeException(
                nameof(kind), kind, $"No activation function is of this kind; use a value of {nameof(ActivationKind)}."),
        };
}

/// <summary>The exact GELU.</summary>
internal readonly struct GeluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Value(Vector<float> x) => VectorMath.Gelu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Derivative(Vector<float> gate) => VectorMath.GeluDerivative(gate);
}

/// <summary>GELU by a hyperbolic tangent, written as a logistic function: (1 + tanh(u)) / 2 = σ(2u).</summary>
internal readonly struct GeluTanhFunction : IActivationFunction
{
    // 2·√(2/π), and that times 0.044715.
    private const float Linear = 1.59576912f;
    private const float Cubic = 0.0713548163f;

    // Where the logistic function is 0 or 1 to the last digit: beyond, cubes need not overflow.
    private const float Saturation = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Value(Vector<float> x)
    {
        var near = Near(x);
        var exponent = near * Vector.MultiplyAddEstimate(near * near, Vector.Create(Cubic), Vector.Create(Linear));
        return VectorMath.LogisticShare(x, exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Derivative(Vector<float> gate)
    {
        var near = Near(gate);
        var square = near * near;
        var exponent = near * Vector.MultiplyAddEstimate(square, Vector.Create(Cubic), Vector.Create(Linear));
        var growth = near * Vector.MultiplyAddEstimate(square, Vector.Create(3 * Cubic), Vector.Create(Linear));
        return VectorMath.LogisticShareDerivative(growth, exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Near(Vector<float> x) =>
        Vector.MinNative(Vector.Create(Saturation), Vector.MaxNative(Vector.Create(-Saturation), x));
}

/// <summary>GELU by a logistic function.</summary>
internal readonly struct QuickGeluFunction : IActivationFunction
{
    private const float Slope = 1.702f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Value(Vector<float> x) => VectorMath.LogisticShare(x, x * Slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Derivative(Vector<float> gate) => VectorMath.LogisticShareDerivative(gate * Slope, gate * Slope);
}

/// <summary>The rectifier.</summary>
internal readonly struct ReluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Value(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Derivative(Vector<float> gate) =>
        Vector.ConditionalSelect(Vector.GreaterThan(gate, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
}

/// <summary>SiLU.</summary>
internal readonly struct SiluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Value(Vector<float> x) => VectorMath.LogisticShare(x, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Derivative(Vector<float> gate) => VectorMath.LogisticShareDerivative(gate, gate);
}
