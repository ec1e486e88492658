using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Devices.Cpu;

/// <summary>Tiles of 8 x 8 in 16 of the 32 vector registers of Arm; runs anywhere.</summary>
internal static unsafe class MicroKernel128
{
    /// <summary>Rows of a full tile, and the stride of packed A.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a tile, and the stride of packed B.</summary>
    public const int Columns = 8;

    /// <inheritdoc cref="MicroKernel.Run"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, long depth, float* a, float* b, float* tile, bool accumulate)
    {
        if (rows > 4)
        {
            Run8(depth, a, b, tile, accumulate);
        }
        else
        {
            Run4(depth, a, b, tile, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(long depth, float* a, float* b, float* tile, bool accumulate)
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
        for (; depth > 0; depth--)
        {
            var left = Vector128.Load(b);
            var right = Vector128.Load(b + 4);
            var a0 = Vector128.Create(a[0]);
            c0L = Vector128.FusedMultiplyAdd(a0, left, c0L);
            c0R = Vector128.FusedMultiplyAdd(a0, right, c0R);
            var a1 = Vector128.Create(a[1]);
            c1L = Vector128.FusedMultiplyAdd(a1, left, c1L);
            c1R = Vector128.FusedMultiplyAdd(a1, right, c1R);
            var a2 = Vector128.Create(a[2]);
            c2L = Vector128.FusedMultiplyAdd(a2, left, c2L);
            c2R = Vector128.FusedMultiplyAdd(a2, right, c2R);
            var a3 = Vector128.Create(a[3]);
            c3L = Vector128.FusedMultiplyAdd(a3, left, c3L);
            c3R = Vector128.FusedMultiplyAdd(a3, right, c3R);
            var a4 = Vector128.Create(a[4]);
            c4L = Vector128.FusedMultiplyAdd(a4, left, c4L);
            c4R = Vector128.FusedMultiplyAdd(a4, right, c4R);
            var a5 = Vector128.Create(a[5]);
            c5L = Vector128.FusedMultiplyAdd(a5, left, c5L);
            c5R = Vector128.FusedMultiplyAdd(a5, right, c5R);
            var a6 = Vector128.Create(a[6]);
            c6L = Vector128.FusedMultiplyAdd(a6, left, c6L);
            c6R = Vector128.FusedMultiplyAdd(a6, right, c6R);
            var a7 = Vector128.Create(a[7]);
            c7L = Vector128.FusedMultiplyAdd(a7, left, c7L);
            c7R = Vector128.FusedMultiplyAdd(a7, right, c7R);
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
        var c0L = Vector128<float>.Zero;
        var c0R = Vector128<float>.Zero;
        var c1L = Vector128<float>.Zero;
        var c1R = Vector128<float>.Zero;
        var c2L = Vector128<float>.Zero;
        var c2R = Vector128<float>.Zero;
        var c3L = Vector128<float>.Zero;
        var c3R = Vector128<float>.Zero;
        for (; depth > 0; depth--)
        {
            var left = Vector128.Load(b);
            var right = Vector128.Load(b + 4);
            var a0 = Vector128.Create(a[0]);
            c0L = Vector128.FusedMultiplyAdd(a0, left, c0L);
            c0R = Vector128.FusedMultiplyAdd(a0, right, c0R);
            var a1 = Vector128.Create(a[1]);
            c1L = Vector128.FusedMultiplyAdd(a1, left, c1L);
            c1R = Vector128.FusedMultiplyAdd(a1, right, c1R);
            var a2 = Vector128.Create(a[2]);
            c2L = Vector128.FusedMultiplyAdd(a2, left, c2L);
            c2R = Vector128.FusedMultiplyAdd(a2, right, c2R);
            var a3 = Vector128.Create(a[3]);
            c3L = Vector128.FusedMultiplyAdd(a3, left, c3L);
            c3R = Vector128.FusedMultiplyAdd(a3, right, c3R);
            a += Rows;
            b += Columns;
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
