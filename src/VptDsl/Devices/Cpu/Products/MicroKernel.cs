using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// The innermost product, on which products and attention are built: a tile of C, held in registers, from a panel of A and a panel of
/// B, packed so that it is read in order. One instruction set's kernel serves the whole process.
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

    /// <summary>Floats that each product of a sum fetches ahead, a cache line: there the processor has room to spare.</summary>
    public const int FloatsAheadOfStep = CpuMemory.Alignment / sizeof(float);

    /// <summary>A tile's sums, with nothing fetched ahead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int columns, long depth, LeftPanel a, float* b, float* tile, bool accumulate) =>
        Run(rows, columns, depth, a, b, b, tile, accumulate);

    /// <summary>
    /// tile[r, c] = (accumulate ? tile[r, c] : 0) + sum over k of a[r, k] * b[k, c]. Every sum runs over k in order, so an element's
    /// bits do not depend on its place in a tile.
    /// </summary>
    /// <param name="rows">Rows wanted; up to 3 more are read and computed, so the tile needs room for <see cref="Rows"/>.</param>
    /// <param name="columns">Columns wanted; the others may be computed too, or stay as they are.</param>
    /// <param name="depth">The number of products in each sum.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="b">[depth, <see cref="Columns"/>].</param>
    /// <param name="ahead">
    /// What later calls read: <paramref name="depth"/> times <see cref="FloatsAheadOfStep"/> floats are brought nearer, as far as the
    /// second-level cache. Nothing is read, so they need not exist.
    /// </param>
    /// <param name="tile">[<see cref="Rows"/>, <see cref="Columns"/>].</param>
    /// <param name="accumulate">Whether to add to the tile or to overwrite it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int columns, long depth, LeftPanel a, float* b, float* ahead, float* tile, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MicroKernel512.Run(rows, columns, depth, a, b, ahead, tile, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MicroKernel256.Run(rows, columns, depth, a, b, ahead, tile, accumulate);
        }
        else
        {
            MicroKernel128.Run(rows, columns, depth, a, b, ahead, tile, accumulate);
        }
    }

    /// <summary>Asks for a cache line and goes on to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ref float* ahead)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(ahead);
            ahead += FloatsAheadOfStep;
        }
    }
}
