using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// Packs operands into panels [depth, width], as <see cref="MicroKernel"/> reads them: <c>width</c> neighbouring rows or columns of
/// the operand ("lanes") side by side. A last panel that is not full gets lanes whose contents do not matter, but are no garbage
/// that could cost time (the sums of one lane never meet those of another).
/// </summary>
internal static unsafe class Panels
{
    private const int MostLanes = MicroKernel512.Columns;

    /// <summary>Panels that <paramref name="lanes"/> lanes fill, the last perhaps in part.</summary>
    public static int Count(long lanes, int width) => (int)((lanes + width - 1) / width);

    /// <summary>Packs one panel whose lanes are rows of a matrix: panel[k, lane] = matrix[first + lane, k0 + k].</summary>
    /// <param name="matrix">The operand.</param>
    /// <param name="first">The first row.</param>
    /// <param name="lanes">Rows left from there; those beyond <paramref name="width"/> are left out.</param>
    /// <param name="k0">The first column.</param>
    /// <param name="depth">The number of columns.</param>
    /// <param name="width">Lanes of a panel.</param>
    /// <param name="panel">[depth, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromRows(in Matrix matrix, long first, long lanes, long k0, int depth, int width, float* panel)
    {
        float** rows = stackalloc float*[MostLanes];
        var cursor = new RowCursor(matrix, first);
        for (int lane = 0; lane < width; lane++)
        {
            rows[lane] = cursor.Row + k0;
            if (lane + 1 < lanes)
            {
                cursor.MoveNext();
            }
        }

        int step = Transpose.Size(width);
        int k = 0;
        for (; k <= depth - step; k += step)
        {
            // The last block may overlap the one before it: it writes the same values again.
            for (int lane = 0; lane < width; lane += step)
            {
                int start = Math.Min(lane, width - step);
                Transpose.Block(step, rows + start, k, panel + ((long)k * width) + start, width);
            }
        }

        for (; k < depth; k++)
        {
            for (int lane = 0; lane < width; lane++)
            {
                panel[((long)k * width) + lane] = rows[lane][k];
            }
        }
    }

    /// <summary>Packs neighbouring panels whose lanes are columns of a matrix: panel[k, lane] = matrix[k0 + k, first + lane].</summary>
    /// <param name="matrix">The operand.</param>
    /// <param name="first">The first column.</param>
    /// <param name="lanes">The number of columns; they fill one panel after the other.</param>
    /// <param name="k0">The first row.</param>
    /// <param name="depth">The number of rows.</param>
    /// <param name="width">Lanes of a panel.</param>
    /// <param name="panels">Panels of [depth, width].</param>
    /// <param name="panelStride">Floats from a panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromColumns(
        in Matrix matrix, long first, long lanes, long k0, int depth, int width, float* panels, long panelStride)
    {
        var cursor = new RowCursor(matrix, k0);
        for (int k = 0; k < depth; k++)
        {
            float* source = cursor.Row + first;
            float* destination = panels + ((long)k * width);
            long left = lanes;
            for (; left >= width; left -= width)
            {
                CopyLanes(source, destination, width);
                source += width;
                destination += panelStride;
            }

            if (left > 0)
            {
                for (int lane = 0; lane < width; lane++)
                {
                    destination[lane] = lane < left ? source[lane] : 0f;
                }
            }

            cursor.MoveNext();
        }
    }

    // Widths are 6, 8, 12, 16 or 32: the last vector may overlap the one before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLanes(float* source, float* destination, int width)
    {
        if (width < 8)
        {
            Vector128.Store(Vector128.Load(source), destination);
            Vector128.Store(Vector128.Load(source + width - 4), destination + width - 4);
            return;
        }

        for (int lane = 0; lane < width - 8; lane += 8)
        {
            Vector256.Store(Vector256.Load(source + lane), destination + lane);
        }

        Vector256.Store(Vector256.Load(source + width - 8), destination + width - 8);
    }
}
