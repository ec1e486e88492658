using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Devices.Cpu;

/// <summary>Tiles of 12 x 32 in 24 of the 32 vector registers of AVX-512.</summary>
internal static unsafe class MicroKernel512
{
    /// <summary>Rows of a full tile, and the stride of packed A.</summary>
    public const int Rows = 12;

    /// <summary>Columns of a tile, and the stride of packed B.</summary>
    public const int Columns = 32;

    /// <inheritdoc cref="MicroKernel.Run(int, int, long, LeftPanel, float*, float*, float*, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int columns, long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        if (columns <= Vector512<float>.Count)
        {
            RunNarrow(rows, depth, a, b, ahead, tile, accumulate);
        }
        else if (rows > 8)
        {
            Run12(depth, a, b, ahead, tile, accumulate);
        }
        else if (rows > 4)
        {
            Run8(depth, a, b, ahead, tile, accumulate);
        }
        else
        {
            Run4(depth, a, b, ahead, tile, accumulate);
        }
    }

    // The left half of a tile.
    private static void RunNarrow(int rows, long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        if (rows > 8)
        {
            RunNarrow12(depth, a, b, ahead, tile, accumulate);
        }
        else if (rows > 4)
        {
            RunNarrow8(depth, a, b, ahead, tile, accumulate);
        }
        else
        {
            RunNarrow4(depth, a, b, ahead, tile, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run12(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0L = Vector512<float>.Zero;
        var c0R = Vector512<float>.Zero;
        var c1L = Vector512<float>.Zero;
        var c1R = Vector512<float>.Zero;
        var c2L = Vector512<float>.Zero;
        var c2R = Vector512<float>.Zero;
        var c3L = Vector512<float>.Zero;
        var c3R = Vector512<float>.Zero;
        var c4L = Vector512<float>.Zero;
        var c4R = Vector512<float>.Zero;
        var c5L = Vector512<float>.Zero;
        var c5R = Vector512<float>.Zero;
        var c6L = Vector512<float>.Zero;
        var c6R = Vector512<float>.Zero;
        var c7L = Vector512<float>.Zero;
        var c7R = Vector512<float>.Zero;
        var c8L = Vector512<float>.Zero;
        var c8R = Vector512<float>.Zero;
        var c9L = Vector512<float>.Zero;
        var c9R = Vector512<float>.Zero;
        var c10L = Vector512<float>.Zero;
        var c10R = Vector512<float>.Zero;
        var c11L = Vector512<float>.Zero;
        var c11R = Vector512<float>.Zero;
        float* a0 = a.Data;
        float* a4 = a0 + (4 * a.Row);
        float* a8 = a0 + (8 * a.Row);
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + 16);
            var x0 = Vector512.Create(a0[0]);
            c0L = Vector512.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector512.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector512.Create(a0[row]);
            c1L = Vector512.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector512.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector512.Create(a0[row2]);
            c2L = Vector512.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector512.MultiplyAddEstimate(x2, right, c2R);
            var x3 = Vector512.Create(a0[row3]);
            c3L = Vector512.MultiplyAddEstimate(x3, left, c3L);
            c3R = Vector512.MultiplyAddEstimate(x3, right, c3R);
            var x4 = Vector512.Create(a4[0]);
            c4L = Vector512.MultiplyAddEstimate(x4, left, c4L);
            c4R = Vector512.MultiplyAddEstimate(x4, right, c4R);
            var x5 = Vector512.Create(a4[row]);
            c5L = Vector512.MultiplyAddEstimate(x5, left, c5L);
            c5R = Vector512.MultiplyAddEstimate(x5, right, c5R);
            var x6 = Vector512.Create(a4[row2]);
            c6L = Vector512.MultiplyAddEstimate(x6, left, c6L);
            c6R = Vector512.MultiplyAddEstimate(x6, right, c6R);
            var x7 = Vector512.Create(a4[row3]);
            c7L = Vector512.MultiplyAddEstimate(x7, left, c7L);
            c7R = Vector512.MultiplyAddEstimate(x7, right, c7R);
            var x8 = Vector512.Create(a8[0]);
            c8L = Vector512.MultiplyAddEstimate(x8, left, c8L);
            c8R = Vector512.MultiplyAddEstimate(x8, right, c8R);
            var x9 = Vector512.Create(a8[row]);
            c9L = Vector512.MultiplyAddEstimate(x9, left, c9L);
            c9R = Vector512.MultiplyAddEstimate(x9, right, c9R);
            var x10 = Vector512.Create(a8[row2]);
            c10L = Vector512.MultiplyAddEstimate(x10, left, c10L);
            c10R = Vector512.MultiplyAddEstimate(x10, right, c10R);
            var x11 = Vector512.Create(a8[row3]);
            c11L = Vector512.MultiplyAddEstimate(x11, left, c11L);
            c11R = Vector512.MultiplyAddEstimate(x11, right, c11R);
            a0 += step;
            a4 += step;
            a8 += step;
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
        Store(c8L, c8R, tile + (8 * Columns), accumulate);
        Store(c9L, c9R, tile + (9 * Columns), accumulate);
        Store(c10L, c10R, tile + (10 * Columns), accumulate);
        Store(c11L, c11R, tile + (11 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0L = Vector512<float>.Zero;
        var c0R = Vector512<float>.Zero;
        var c1L = Vector512<float>.Zero;
        var c1R = Vector512<float>.Zero;
        var c2L = Vector512<float>.Zero;
        var c2R = Vector512<float>.Zero;
        var c3L = Vector512<float>.Zero;
        var c3R = Vector512<float>.Zero;
        var c4L = Vector512<float>.Zero;
        var c4R = Vector512<float>.Zero;
        var c5L = Vector512<float>.Zero;
        var c5R = Vector512<float>.Zero;
        var c6L = Vector512<float>.Zero;
        var c6R = Vector512<float>.Zero;
        var c7L = Vector512<float>.Zero;
        var c7R = Vector512<float>.Zero;
        float* a0 = a.Data;
        float* a4 = a0 + (4 * a.Row);
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + 16);
            var x0 = Vector512.Create(a0[0]);
            c0L = Vector512.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector512.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector512.Create(a0[row]);
            c1L = Vector512.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector512.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector512.Create(a0[row2]);
            c2L = Vector512.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector512.MultiplyAddEstimate(x2, right, c2R);
            var x3 = Vector512.Create(a0[row3]);
            c3L = Vector512.MultiplyAddEstimate(x3, left, c3L);
            c3R = Vector512.MultiplyAddEstimate(x3, right, c3R);
            var x4 = Vector512.Create(a4[0]);
            c4L = Vector512.MultiplyAddEstimate(x4, left, c4L);
            c4R = Vector512.MultiplyAddEstimate(x4, right, c4R);
            var x5 = Vector512.Create(a4[row]);
            c5L = Vector512.MultiplyAddEstimate(x5, left, c5L);
            c5R = Vector512.MultiplyAddEstimate(x5, right, c5R);
            var x6 = Vector512.Create(a4[row2]);
            c6L = Vector512.MultiplyAddEstimate(x6, left, c6L);
            c6R = Vector512.MultiplyAddEstimate(x6, right, c6R);
            var x7 = Vector512.Create(a4[row3]);
            c7L = Vector512.MultiplyAddEstimate(x7, left, c7L);
            c7R = Vector512.MultiplyAddEstimate(x7, right, c7R);
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
        var c0L = Vector512<float>.Zero;
        var c0R = Vector512<float>.Zero;
        var c1L = Vector512<float>.Zero;
        var c1R = Vector512<float>.Zero;
        var c2L = Vector512<float>.Zero;
        var c2R = Vector512<float>.Zero;
        var c3L = Vector512<float>.Zero;
        var c3R = Vector512<float>.Zero;
        float* a0 = a.Data;
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + 16);
            var x0 = Vector512.Create(a0[0]);
            c0L = Vector512.MultiplyAddEstimate(x0, left, c0L);
            c0R = Vector512.MultiplyAddEstimate(x0, right, c0R);
            var x1 = Vector512.Create(a0[row]);
            c1L = Vector512.MultiplyAddEstimate(x1, left, c1L);
            c1R = Vector512.MultiplyAddEstimate(x1, right, c1R);
            var x2 = Vector512.Create(a0[row2]);
            c2L = Vector512.MultiplyAddEstimate(x2, left, c2L);
            c2R = Vector512.MultiplyAddEstimate(x2, right, c2R);
            var x3 = Vector512.Create(a0[row3]);
            c3L = Vector512.MultiplyAddEstimate(x3, left, c3L);
            c3R = Vector512.MultiplyAddEstimate(x3, right, c3R);
            a0 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0L, c0R, tile, accumulate);
        Store(c1L, c1R, tile + Columns, accumulate);
        Store(c2L, c2R, tile + (2 * Columns), accumulate);
        Store(c3L, c3R, tile + (3 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunNarrow12(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0 = Vector512<float>.Zero;
        var c1 = Vector512<float>.Zero;
        var c2 = Vector512<float>.Zero;
        var c3 = Vector512<float>.Zero;
        var c4 = Vector512<float>.Zero;
        var c5 = Vector512<float>.Zero;
        var c6 = Vector512<float>.Zero;
        var c7 = Vector512<float>.Zero;
        var c8 = Vector512<float>.Zero;
        var c9 = Vector512<float>.Zero;
        var c10 = Vector512<float>.Zero;
        var c11 = Vector512<float>.Zero;
        float* a0 = a.Data;
        float* a4 = a0 + (4 * a.Row);
        float* a8 = a0 + (8 * a.Row);
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var right = Vector512.Load(b);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[0]), right, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row]), right, c1);
            c2 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row2]), right, c2);
            c3 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row3]), right, c3);
            c4 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[0]), right, c4);
            c5 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[row]), right, c5);
            c6 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[row2]), right, c6);
            c7 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[row3]), right, c7);
            c8 = Vector512.MultiplyAddEstimate(Vector512.Create(a8[0]), right, c8);
            c9 = Vector512.MultiplyAddEstimate(Vector512.Create(a8[row]), right, c9);
            c10 = Vector512.MultiplyAddEstimate(Vector512.Create(a8[row2]), right, c10);
            c11 = Vector512.MultiplyAddEstimate(Vector512.Create(a8[row3]), right, c11);
            a0 += step;
            a4 += step;
            a8 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0, tile, accumulate);
        Store(c1, tile + Columns, accumulate);
        Store(c2, tile + (2 * Columns), accumulate);
        Store(c3, tile + (3 * Columns), accumulate);
        Store(c4, tile + (4 * Columns), accumulate);
        Store(c5, tile + (5 * Columns), accumulate);
        Store(c6, tile + (6 * Columns), accumulate);
        Store(c7, tile + (7 * Columns), accumulate);
        Store(c8, tile + (8 * Columns), accumulate);
        Store(c9, tile + (9 * Columns), accumulate);
        Store(c10, tile + (10 * Columns), accumulate);
        Store(c11, tile + (11 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunNarrow8(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0 = Vector512<float>.Zero;
        var c1 = Vector512<float>.Zero;
        var c2 = Vector512<float>.Zero;
        var c3 = Vector512<float>.Zero;
        var c4 = Vector512<float>.Zero;
        var c5 = Vector512<float>.Zero;
        var c6 = Vector512<float>.Zero;
        var c7 = Vector512<float>.Zero;
        float* a0 = a.Data;
        float* a4 = a0 + (4 * a.Row);
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var right = Vector512.Load(b);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[0]), right, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row]), right, c1);
            c2 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row2]), right, c2);
            c3 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row3]), right, c3);
            c4 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[0]), right, c4);
            c5 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[row]), right, c5);
            c6 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[row2]), right, c6);
            c7 = Vector512.MultiplyAddEstimate(Vector512.Create(a4[row3]), right, c7);
            a0 += step;
            a4 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0, tile, accumulate);
        Store(c1, tile + Columns, accumulate);
        Store(c2, tile + (2 * Columns), accumulate);
        Store(c3, tile + (3 * Columns), accumulate);
        Store(c4, tile + (4 * Columns), accumulate);
        Store(c5, tile + (5 * Columns), accumulate);
        Store(c6, tile + (6 * Columns), accumulate);
        Store(c7, tile + (7 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunNarrow4(long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        var c0 = Vector512<float>.Zero;
        var c1 = Vector512<float>.Zero;
        var c2 = Vector512<float>.Zero;
        var c3 = Vector512<float>.Zero;
        float* a0 = a.Data;
        long row = a.Row, row2 = 2 * row, row3 = 3 * row, step = a.Step;
        for (; depth > 0; depth--)
        {
            var right = Vector512.Load(b);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[0]), right, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row]), right, c1);
            c2 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row2]), right, c2);
            c3 = Vector512.MultiplyAddEstimate(Vector512.Create(a0[row3]), right, c3);
            a0 += step;
            b += Columns;
            MicroKernel.Prefetch(ref ahead);
        }

        Store(c0, tile, accumulate);
        Store(c1, tile + Columns, accumulate);
        Store(c2, tile + (2 * Columns), accumulate);
        Store(c3, tile + (3 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> left, Vector512<float> right, float* tile, bool accumulate)
    {
        Store(left, tile, accumulate);
        Store(right, tile + Vector512<float>.Count, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> sums, float* tile, bool accumulate) =>
        Vector512.Store(accumulate ? sums + Vector512.Load(tile) : sums, tile);
}
