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

    /// <inheritdoc cref="MicroKernel.Run"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, long depth, float* a, float* b, float* tile, bool accumulate)
    {
        if (rows > 8)
        {
            Run12(depth, a, b, tile, accumulate);
        }
        else if (rows > 4)
        {
            Run8(depth, a, b, tile, accumulate);
        }
        else
        {
            Run4(depth, a, b, tile, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run12(long depth, float* a, float* b, float* tile, bool accumulate)
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
        for (; depth > 0; depth--)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + 16);
            var a0 = Vector512.Create(a[0]);
            c0L = Vector512.FusedMultiplyAdd(a0, left, c0L);
            c0R = Vector512.FusedMultiplyAdd(a0, right, c0R);
            var a1 = Vector512.Create(a[1]);
            c1L = Vector512.FusedMultiplyAdd(a1, left, c1L);
            c1R = Vector512.FusedMultiplyAdd(a1, right, c1R);
            var a2 = Vector512.Create(a[2]);
            c2L = Vector512.FusedMultiplyAdd(a2, left, c2L);
            c2R = Vector512.FusedMultiplyAdd(a2, right, c2R);
            var a3 = Vector512.Create(a[3]);
            c3L = Vector512.FusedMultiplyAdd(a3, left, c3L);
            c3R = Vector512.FusedMultiplyAdd(a3, right, c3R);
            var a4 = Vector512.Create(a[4]);
            c4L = Vector512.FusedMultiplyAdd(a4, left, c4L);
            c4R = Vector512.FusedMultiplyAdd(a4, right, c4R);
            var a5 = Vector512.Create(a[5]);
            c5L = Vector512.FusedMultiplyAdd(a5, left, c5L);
            c5R = Vector512.FusedMultiplyAdd(a5, right, c5R);
            var a6 = Vector512.Create(a[6]);
            c6L = Vector512.FusedMultiplyAdd(a6, left, c6L);
            c6R = Vector512.FusedMultiplyAdd(a6, right, c6R);
            var a7 = Vector512.Create(a[7]);
            c7L = Vector512.FusedMultiplyAdd(a7, left, c7L);
            c7R = Vector512.FusedMultiplyAdd(a7, right, c7R);
            var a8 = Vector512.Create(a[8]);
            c8L = Vector512.FusedMultiplyAdd(a8, left, c8L);
            c8R = Vector512.FusedMultiplyAdd(a8, right, c8R);
            var a9 = Vector512.Create(a[9]);
            c9L = Vector512.FusedMultiplyAdd(a9, left, c9L);
            c9R = Vector512.FusedMultiplyAdd(a9, right, c9R);
            var a10 = Vector512.Create(a[10]);
            c10L = Vector512.FusedMultiplyAdd(a10, left, c10L);
            c10R = Vector512.FusedMultiplyAdd(a10, right, c10R);
            var a11 = Vector512.Create(a[11]);
            c11L = Vector512.FusedMultiplyAdd(a11, left, c11L);
            c11R = Vector512.FusedMultiplyAdd(a11, right, c11R);
            a += Rows;
            b += Columns;
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
    private static void Run8(long depth, float* a, float* b, float* tile, bool accumulate)
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
        for (; depth > 0; depth--)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + 16);
            var a0 = Vector512.Create(a[0]);
            c0L = Vector512.FusedMultiplyAdd(a0, left, c0L);
            c0R = Vector512.FusedMultiplyAdd(a0, right, c0R);
            var a1 = Vector512.Create(a[1]);
            c1L = Vector512.FusedMultiplyAdd(a1, left, c1L);
            c1R = Vector512.FusedMultiplyAdd(a1, right, c1R);
            var a2 = Vector512.Create(a[2]);
            c2L = Vector512.FusedMultiplyAdd(a2, left, c2L);
            c2R = Vector512.FusedMultiplyAdd(a2, right, c2R);
            var a3 = Vector512.Create(a[3]);
            c3L = Vector512.FusedMultiplyAdd(a3, left, c3L);
            c3R = Vector512.FusedMultiplyAdd(a3, right, c3R);
            var a4 = Vector512.Create(a[4]);
            c4L = Vector512.FusedMultiplyAdd(a4, left, c4L);
            c4R = Vector512.FusedMultiplyAdd(a4, right, c4R);
            var a5 = Vector512.Create(a[5]);
            c5L = Vector512.FusedMultiplyAdd(a5, left, c5L);
            c5R = Vector512.FusedMultiplyAdd(a5, right, c5R);
            var a6 = Vector512.Create(a[6]);
            c6L = Vector512.FusedMultiplyAdd(a6, left, c6L);
            c6R = Vector512.FusedMultiplyAdd(a6, right, c6R);
            var a7 = Vector512.Create(a[7]);
            c7L = Vector512.FusedMultiplyAdd(a7, left, c7L);
            c7R = Vector512.FusedMultiplyAdd(a7, right, c7R);
            a += Rows;
            b += Columns;
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
    private static void Run4(long depth, float* a, float* b, float* tile, bool accumulate)
    {
        var c0L = Vector512<float>.Zero;
        var c0R = Vector512<float>.Zero;
        var c1L = Vector512<float>.Zero;
        var c1R = Vector512<float>.Zero;
        var c2L = Vector512<float>.Zero;
        var c2R = Vector512<float>.Zero;
        var c3L = Vector512<float>.Zero;
        var c3R = Vector512<float>.Zero;
        for (; depth > 0; depth--)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + 16);
            var a0 = Vector512.Create(a[0]);
            c0L = Vector512.FusedMultiplyAdd(a0, left, c0L);
            c0R = Vector512.FusedMultiplyAdd(a0, right, c0R);
            var a1 = Vector512.Create(a[1]);
            c1L = Vector512.FusedMultiplyAdd(a1, left, c1L);
            c1R = Vector512.FusedMultiplyAdd(a1, right, c1R);
            var a2 = Vector512.Create(a[2]);
            c2L = Vector512.FusedMultiplyAdd(a2, left, c2L);
            c2R = Vector512.FusedMultiplyAdd(a2, right, c2R);
            var a3 = Vector512.Create(a[3]);
            c3L = Vector512.FusedMultiplyAdd(a3, left, c3L);
            c3R = Vector512.FusedMultiplyAdd(a3, right, c3R);
            a += Rows;
            b += Columns;
        }

        Store(c0L, c0R, tile, accumulate);
        Store(c1L, c1R, tile + Columns, accumulate);
        Store(c2L, c2R, tile + (2 * Columns), accumulate);
        Store(c3L, c3R, tile + (3 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> left, Vector512<float> right, float* tile, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector512.Load(tile);
            right += Vector512.Load(tile + 16);
        }

        Vector512.Store(left, tile);
        Vector512.Store(right, tile + 16);
    }
}
