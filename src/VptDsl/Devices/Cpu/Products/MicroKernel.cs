using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// The innermost product, on which products and attention are built: a tile of C, held in registers, from a panel of A and a panel of
/// B, packed so that both are read in order. One instruction set's kernel serves the whole process.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>The most floats that a tile has on any machine.</summary>
    public const int MostTileFloats = MicroKernel512.Rows * MicroKernel512.Columns;

    /// <summary>Rows of a full tile, and the stride of a packed panel of A; a constant once compiled.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? MicroKernel512.Rows
            : Vector256.IsHardwareAccelerated ? MicroKernel256.Rows
            : MicroKernel128.Rows;
    }

    /// <summary>Columns of a tile, and the stride of a packed panel of B; a constant once compiled.</summary>
    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? MicroKernel512.Columns
            : Vector256.IsHardwareAccelerated ? MicroKernel256.Columns
            : MicroKernel128.Columns;
    }

    /// <summary>
    /// tile[r, c] = (accumulate ? tile[r, c] : 0) + sum over k of a[k, r] * b[k, c]. Every sum runs over k in order, so an element's
    /// bits do not depend on its place in a tile.
    /// </summary>
    /// <param name="rows">Rows wanted; up to 3 more may be computed, so the tile needs room for <see cref="Rows"/>.</param>
    /// <param name="depth">The number of products in each sum.</param>
    /// <param name="a">[depth, <see cref="Rows"/>].</param>
    /// <param name="b">[depth, <see cref="Columns"/>].</param>
    /// <param name="tile">[<see cref="Rows"/>, <see cref="Columns"/>].</param>
    /// <param name="accumulate">Whether to add to the tile or to overwrite it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, long depth, float* a, float* b, float* tile, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MicroKernel512.Run(rows, depth, a, b, tile, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MicroKernel256.Run(rows, depth, a, b, tile, accumulate);
        }
        else
        {
            MicroKernel128.Run(rows, depth, a, b, tile, accumulate);
        }
    }
}
