using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Devices.Cpu;

/// <summary>Tiles of 6 x 16 in 12 of the 16 vector registers of AVX2.</summary>
internal static unsafe class MicroKernel256
{
    /// <summary>Rows of a full tile, and the stride of packed A.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile, and the stride of packed B.</summary>
    public const int Columns = 16;

    /// <inheritdoc cref="MicroKernel.Run(int, int, long, LeftPanel, float*, float*, float*, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int columns, long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        if (rows > 3)
        {
            Run6(depth, a, b, ahead, tile, accumulate);
        }
        else
        {
            Run3(depth, a, b, ahead, tile, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run6(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0L = Vector256<float>.Zero;
        var c0R = Vector256<float>.Zero;
        var c1L = Vector256<float>.Zero;
        var c1R = Vector256<float>.Zero;
        var c2L = Vector256<float>.Zero;
        var c2R = Vector256<float>.Zero;
        var c3L = Vector256<float>.Zero;
        var c3R = Vector256<float>.Zero;
        var c4L = Vector256<float>.Zero;
        var c4R = Vector256<float>.Zero;
        var c5L = Vector256<float>.Zero;
        var c5R = Vector256<float>.Zero;
        float* a0 = a.Data;
        float* a3 = a0 + (3 * a.Row);
        long row = a.Row, row2 = 2 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector256.Load(b);
            var right = Vector256.Load(b + 8);
            var x0 = Vector256.Create(a0[0]);
            c0L = Vector256.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector256.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector256.Create(a0[row]);
            c1L = Vector256.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector256.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector256.Create(a0[row2]);
            c2L = Vector256.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector256.MultiplyAddEstimate(x2, right, c2R);
            var x3 = Vector256.Create(a3[0]);
            c3L = Vector256.MultiplyAddEstimate(x3, left, c3L);
            c3R = Vector256.MultiplyAddEstimate(x3, right, c3R);
            var x4 = Vector256.Create(a3[row]);
            c4L = Vector256.MultiplyAddEstimate(x4, left, c4L);
            c4R = Vector256.MultiplyAddEstimate(x4, right, c4R);
            var x5 = Vector256.Create(a3[row2]);
            c5L = Vector256.MultiplyAddEstimate(x5, left, c5L);
            c5R = Vector256.MultiplyAddEstimate(x5, right, c5R);
            a0 += step;
            a3 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0L, c0R, tile, accumulate);
        Store(c1L, c1R, tile + Columns, accumulate);
        Store(c2L, c2R, tile + (2 * Columns), accumulate);
        Store(c3L, c3R, tile + (3 * Columns), accumulate);
        Store(c4L, c4R, tile + (4 * Columns), accumulate);
        Store(c5L, c5R, tile + (5 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run3(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0L = Vector256<float>.Zero;
        var c0R = Vector256<float>.Zero;
        var c1L = Vector256<float>.Zero;
        var c1R = Vector256<float>.Zero;
        var c2L = Vector256<float>.Zero;
        var c2R = Vector256<float>.Zero;
        float* a0 = a.Data;
        long row = a.Row, row2 = 2 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector256.Load(b);
            var right = Vector256.Load(b + 8);
            var x0 = Vector256.Create(a0[0]);
            c0L = Vector256.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector256.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector256.Create(a0[row]);
            c1L = Vector256.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector256.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector256.Create(a0[row2]);
            c2L = Vector256.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector256.MultiplyAddEstimate(x2, right, c2R);
            a0 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0L, c0R, tile, accumulate);
        Store(c1L, c1R, tile + Columns, accumulate);
        Store(c2L, c2R, tile + (2 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> left, Vector256<float> right, float* tile, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector256.Load(tile);
            right += Vector256.Load(tile + 8);
        }

        Vector256.Store(left, tile);
        Vector256.Store(right, tile + 8);
    }
}
