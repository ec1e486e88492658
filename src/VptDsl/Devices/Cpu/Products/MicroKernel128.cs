using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace VptDsl.Devices.Cpu;

/// <summary>Tiles of 8 x 8: in 16 of the 32 vector registers of Arm, elsewhere a half after the other.</summary>
internal static unsafe class MicroKernel128
{
    /// <summary>Rows of a full tile, and the stride of packed A.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a tile, and the stride of packed B.</summary>
    public const int Columns = 8;

    /// <inheritdoc cref="MicroKernel.Run(int, int, long, LeftPanel, float*, float*, float*, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int columns, long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        if (rows > 4 && AdvSimd.IsSupported)
        {
            Run8(depth, a, b, ahead, tile, accumulate);
            return;
        }

        Run4(depth, a, b, ahead, tile, accumulate);
        if (rows > 4)
        {
            var lower = new LeftPanel(a.Data + (4 * a.Row), a.Row, a.Step);
            Run4(depth, lower, b, b, tile + (4 * Columns), accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0L = Vector128<float>.Zero;
        var c0R = Vector128<float>.Zero;
        var c1L = Vector128<float>.Zero;
        var c1R = Vector128<float>.Zero;
        var c2L = Vector128<float>.Zero;
        var c2R = Vector128<float>.Zero;
        var c3L = Vector128<float>.Zero;
        var c3R = Vector128<float>.Zero;
        var c4L = Vector128<float>.Zero;
        var c4R = Vector128<float>.Zero;
        var c5L = Vector128<float>.Zero;
        var c5R = Vector128<float>.Zero;
        var c6L = Vector128<float>.Zero;
        var c6R = Vector128<float>.Zero;
        var c7L = Vector128<float>.Zero;
        var c7R = Vector128<float>.Zero;
        float* a0 = a.Data;
        float* a4 = a0 + (4 * a.Row);
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector128.Load(b);
            var right = Vector128.Load(b + 4);
            var x0 = Vector128.Create(a0[0]);
            c0L = Vector128.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector128.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector128.Create(a0[row]);
            c1L = Vector128.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector128.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector128.Create(a0[row2]);
            c2L = Vector128.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector128.MultiplyAddEstimate(x2, right, c2R);
            var x3 = Vector128.Create(a0[row3]);
            c3L = Vector128.MultiplyAddEstimate(x3, left, c3L);
            c3R = Vector128.MultiplyAddEstimate(x3, right, c3R);
            var x4 = Vector128.Create(a4[0]);
            c4L = Vector128.MultiplyAddEstimate(x4, left, c4L);
            c4R = Vector128.MultiplyAddEstimate(x4, right, c4R);
            var x5 = Vector128.Create(a4[row]);
            c5L = Vector128.MultiplyAddEstimate(x5, left, c5L);
            c5R = Vector128.MultiplyAddEstimate(x5, right, c5R);
            var x6 = Vector128.Create(a4[row2]);
            c6L = Vector128.MultiplyAddEstimate(x6, left, c6L);
            c6R = Vector128.MultiplyAddEstimate(x6, right, c6R);
            var x7 = Vector128.Create(a4[row3]);
            c7L = Vector128.MultiplyAddEstimate(x7, left, c7L);
            c7R = Vector128.MultiplyAddEstimate(x7, right, c7R);
            a0 += step;
            a4 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0L, c0R, tile, accumulate);
        Store(c1L, c1R, tile + Columns, accumulate);
        Store(c2L, c2R, tile + (2 * Columns), accumulate);
        Store(c3L, c3R, tile + (3 * Columns), accumulate);
        Store(c4L, c4R, tile + (4 * Columns), accumulate);
        Store(c5L, c5R, tile + (5 * Columns), accumulate);
        Store(c6L, c6R, tile + (6 * Columns), accumulate);
        Store(c7L, c7R, tile + (7 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0L = Vector128<float>.Zero;
        var c0R = Vector128<float>.Zero;
        var c1L = Vector128<float>.Zero;
        var c1R = Vector128<float>.Zero;
        var c2L = Vector128<float>.Zero;
        var c2R = Vector128<float>.Zero;
        var c3L = Vector128<float>.Zero;
        var c3R = Vector128<float>.Zero;
        float* a0 = a.Data;
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector128.Load(b);
            var right = Vector128.Load(b + 4);
            var x0 = Vector128.Create(a0[0]);
            c0L = Vector128.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector128.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector128.Create(a0[row]);
            c1L = Vector128.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector128.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector128.Create(a0[row2]);
            c2L = Vector128.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector128.MultiplyAddEstimate(x2, right, c2R);
            var x3 = Vector128.Create(a0[row3]);
            c3L = Vector128.MultiplyAddEstimate(x3, left, c3L);
            c3R = Vector128.MultiplyAddEstimate(x3, right, c3R);
            a0 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0L, c0R, tile, accumulate);
        Store(c1L, c1R, tile + Columns, accumulate);
        Store(c2L, c2R, tile + (2 * Columns), accumulate);
        Store(c3L, c3R, tile + (3 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> left, Vector128<float> right, float* tile, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector128.Load(tile);
            right += Vector128.Load(tile + 4);
        }

        Vector128.Store(left, tile);
        Vector128.Store(right, tile + 4);
    }
}
