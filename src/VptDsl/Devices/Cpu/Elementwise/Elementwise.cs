using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Element-wise arithmetic on rows. Any output may be one of the inputs.</summary>
internal static class Elementwise
{
    /// <summary>c = a + b. An image stride of 0 adds the same rows to every image, a row stride of 0 the same row to every row.</summary>
    public static void Add(CpuWorkers workers, long rows, int columns, in Matrix a, in Matrix b, in Matrix c) =>
        RowMap.Run<AddFunction>(workers, rows, columns, a, b, 0, c);

    /// <summary>c = a ⊙ b.</summary>
    public static void Multiply(CpuWorkers workers, long rows, int columns, in Matrix a, in Matrix b, in Matrix c) =>
        RowMap.Run<MultiplyFunction>(workers, rows, columns, a, b, 0, c);

    /// <summary>c = a.</summary>
    public static void Copy(CpuWorkers workers, long rows, int columns, in Matrix a, in Matrix c) =>
        RowMap.Run<LeftFunction>(workers, rows, columns, a, a, 0, c);

    /// <summary>c = value.</summary>
    public static void Fill(CpuWorkers workers, long rows, int columns, float value, in Matrix c) =>
        RowMap.Run<NumberFunction>(workers, rows, columns, c, c, value, c);

    /// <summary>c = a * factor.</summary>
    public static void Scale(CpuWorkers workers, long rows, int columns, in Matrix a, float factor, in Matrix c) =>
        RowMap.Run<ScaleFunction>(workers, rows, columns, a, a, factor, c);

    private readonly struct AddFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => left + right;
    }

    private readonly struct MultiplyFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => left * right;
    }

    private readonly struct LeftFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => left;
    }

    private readonly struct NumberFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => number;
    }

    private readonly struct ScaleFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) => left * number;
    }
}
