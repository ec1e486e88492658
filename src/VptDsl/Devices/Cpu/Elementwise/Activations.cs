using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Activation functions on their own; most of the time they run in a product's epilogue.</summary>
internal static class Activations
{
    /// <summary>y = f(x); y may be x.</summary>
    public static void Apply(ActivationKind kind, CpuWorkers workers, long rows, int columns, in Matrix x, in Matrix y) =>
        ActivationFunctions.Use<Application, bool>(kind, new(workers, rows, columns, x, y));

    /// <summary>dx = dy * f'(gate); dx may be dy.</summary>
    public static void Gradient(
        ActivationKind kind, CpuWorkers workers, long rows, int columns, in Matrix dy, in Matrix gate, in Matrix dx) =>
        ActivationFunctions.Use<Differentiation, bool>(kind, new(workers, rows, columns, dy, gate, dx));

    private readonly struct Application(CpuWorkers workers, long rows, int columns, Matrix x, Matrix y) : IActivationUse<bool>
    {
        public bool With<TFunction>()
            where TFunction : struct, IActivationFunction
        {
            RowMap.Run<ValueOf<TFunction>>(workers, rows, columns, x, x, 0, y);
            return true;
        }
    }

    private readonly struct Differentiation(CpuWorkers workers, long rows, int columns, Matrix dy, Matrix gate, Matrix dx)
        : IActivationUse<bool>
    {
        public bool With<TFunction>()
            where TFunction : struct, IActivationFunction
        {
            RowMap.Run<GradientOf<TFunction>>(workers, rows, columns, dy, gate, 0, dx);
            return true;
        }
    }

    private readonly struct ValueOf<TFunction> : IElementFunction
        where TFunction : struct, IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => TFunction.Value(left);
    }

    private readonly struct GradientOf<TFunction> : IElementFunction
        where TFunction : struct, IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) =>
            left * TFunction.Derivative(right);
    }
}
