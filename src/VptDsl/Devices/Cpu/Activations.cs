using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Activation functions on their own; most of the time they run in a product's epilogue.</summary>
internal static class Activations
{
    /// <summary>y = GELU(x), exact (erf).</summary>
    public static void Gelu(CpuWorkers workers, long rows, int columns, in Matrix x, in Matrix y) =>
        RowMap.Run<GeluFunction>(workers, rows, columns, x, x, 0, y);

    /// <summary>dx = dy * GELU'(x); dx may be dy.</summary>
    public static void GeluGradient(CpuWorkers workers, long rows, int columns, in Matrix dy, in Matrix x, in Matrix dx) =>
        RowMap.Run<GeluGradientFunction>(workers, rows, columns, dy, x, 0, dx);

    /// <summary>y = max(x, 0); what is no number stays so. y may be x.</summary>
    public static void Relu(CpuWorkers workers, long rows, int columns, in Matrix x, in Matrix y) =>
        RowMap.Run<ReluFunction>(workers, rows, columns, x, x, 0, y);

    /// <summary>dx = dy where y is positive, 0 elsewhere; dx may be dy.</summary>
    public static void ReluGradient(CpuWorkers workers, long rows, int columns, in Matrix dy, in Matrix y, in Matrix dx) =>
        RowMap.Run<ReluGradientFunction>(workers, rows, columns, dy, y, 0, dx);

    private readonly struct GeluFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => VectorMath.Gelu(left);
    }

    private readonly struct GeluGradientFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) =>
            left * VectorMath.GeluDerivative(right);
    }

    private readonly struct ReluFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) =>
            Vector.ConditionalSelect(Vector.LessThan(left, number), number, left);
    }

    private readonly struct ReluGradientFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) =>
            Vector.ConditionalSelect(Vector.GreaterThan(right, number), left, number);
    }
}
