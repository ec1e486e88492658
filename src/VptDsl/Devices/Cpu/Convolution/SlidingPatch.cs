using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>How patches slide over a square map of pixels, as generated code describes it.</summary>
/// <param name="Size">Height and width of the map.</param>
/// <param name="Kernel">Height and width of a patch.</param>
/// <param name="Stride">Pixels from a patch to the next.</param>
/// <param name="Padding">Pixels by which the first patch begins outside the map.</param>
public readonly record struct SlidingPatch(int Size, int Kernel, int Stride, int Padding)
{
    /// <summary>Patches in a line, and lines of them.</summary>
    internal int Side => ((Size + (2 * Padding) - Kernel) / Stride) + 1;

    internal int Pixels => Size * Size;

    internal int Patches => Side * Side;

    internal int Taps => Kernel * Kernel;

    /// <summary>The pixel, in a line or of lines, that a tap of a patch falls on; it may lie outside the map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PixelOf(int patch, int tap) => (patch * Stride) + tap - Padding;

    /// <summary>The patch whose tap falls on a pixel, in a line or of lines; -1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PatchOf(int pixel, int tap)
    {
        int start = pixel + Padding - tap;
        int patch = start / Stride;
        return start >= 0 && patch * Stride == start && patch < Side ? patch : -1;
    }

    /// <summary>The first tap of a patch that is inside the map.</summary>
    internal int FirstTap(int patch) => Math.Max(0, Padding - (patch * Stride));

    /// <summary>The tap of a patch after the last that is inside the map.</summary>
    internal int EndTap(int patch) => Math.Min(Kernel, Size + Padding - (patch * Stride));
}
