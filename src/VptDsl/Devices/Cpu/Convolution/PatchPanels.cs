using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// Packs patches over maps of pixels into panels, as <see cref="Panels"/> packs rows: the patches themselves are never stored.
/// </summary>
internal static unsafe class PatchPanels
{
    private const int MostLanes = MicroKernel512.Columns;

    /// <summary>panel[k, lane] = element k0 + k of patch first + lane; a patch's elements are the channels of each of its taps.</summary>
    /// <param name="map">The maps.</param>
    /// <param name="grid">How patches slide over a map.</param>
    /// <param name="channels">The map's columns.</param>
    /// <param name="first">The first patch, counted over all images.</param>
    /// <param name="lanes">Patches left from there; those beyond <paramref name="width"/> are left out.</param>
    /// <param name="k0">The first element.</param>
    /// <param name="depth">The number of elements.</param>
    /// <param name="width">Lanes of a panel.</param>
    /// <param name="panel">[depth, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(
        in Matrix map, in SlidingPatch grid, int channels, long first, long lanes, long k0, int depth, int width, float* panel)
    {
        float** rows = stackalloc float*[MostLanes];
        float** maps = stackalloc float*[MostLanes];
        int* tops = stackalloc int[MostLanes];
        int* lefts = stackalloc int[MostLanes];
        float* zeros = stackalloc float[depth];
        new Span<float>(zeros, depth).Clear();
        for (int lane = 0; lane < width; lane++)
        {
            long patch = first + Math.Min(lane, lanes - 1), image = patch / grid.Patches;
            int inImage = (int)(patch - (image * grid.Patches)), line = inImage / grid.Side;
            maps[lane] = map.Image(image);
            tops[lane] = grid.PixelOf(line, 0);
            lefts[lane] = grid.PixelOf(inImage - (line * grid.Side), 0);
        }

        for (int k = 0; k < depth;)
        {
            long place = k0 + k;
            int tap = (int)(place / channels), channel = (int)(place - ((long)tap * channels));
            int run = Math.Min(channels - channel, depth - k);
            for (int lane = 0; lane < width; lane++)
            {
                int y = tops[lane] + (tap / grid.Kernel), x = lefts[lane] + (tap % grid.Kernel);
                bool isInside = y >= 0 && y < grid.Size && x >= 0 && x < grid.Size;
                rows[lane] = isInside ? maps[lane] + (((y * (long)grid.Size) + x) * map.RowStride) + channel : zeros;
            }

            TransposeRun(rows, run, width, panel + ((long)k * width));
            k += run;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeRun(float** rows, int run, int width, float* panel)
    {
        int step = Transpose.Size(width), k = 0;
        for (; k <= run - step; k += step)
        {
            // The last block may overlap the one before it: it writes the same values again.
            for (int lane = 0; lane < width; lane += step)
            {
                int start = Math.Min(lane, width - step);
                Transpose.Block(step, rows + start, k, panel + ((long)k * width) + start, width);
            }
        }

        for (; k < run; k++)
        {
            for (int lane = 0; lane < width; lane++)
            {
                panel[((long)k * width) + lane] = rows[lane][k];
            }
        }
    }
}
