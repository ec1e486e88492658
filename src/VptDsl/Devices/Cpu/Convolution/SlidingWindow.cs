using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>How windows slide over a square map of pixels, as generated code describes it.</summary>
/// <param name="Size">Height and width of the map.</param>
/// <param name="Kernel">Height and width of a window.</param>
/// <param name="Stride">Pixels from a window to the next.</param>
/// <param name="Padding">Pixels by which the first window begins outside the map.</param>
public readonly record struct SlidingWindow(int Size, int Kernel, int Stride, int Padding)
{
    /// <summary>Windows in a line, and lines of them.</summary>
    internal int Side => ((Size + (2 * Padding) - Kernel) / Stride) + 1;

    internal int Pixels => Size * Size;

    internal int Windows => Side * Side;

    internal int Taps => Kernel * Kernel;

    /// <summary>The pixel, in a line or of lines, that a tap of a window falls on; it may lie outside the map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PixelOf(int window, int tap) => (window * Stride) + tap - Padding;

    /// <summary>The window whose tap falls on a pixel, in a line or of lines; -1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int WindowOf(int pixel, int tap)
    {
        int start = pixel + Padding - tap;
        int window = start / Stride;
        return start >= 0 && window * Stride == start && window < Side ? window : -1;
    }

    /// <summary>The first tap of a window that is inside the map.</summary>
    internal int FirstTap(int window) => Math.Max(0, Padding - (window * Stride));

    /// <summary>The tap of a window after the last that is inside the map.</summary>
    internal int EndTap(int window) => Math.Min(Kernel, Size + Padding - (window * Stride));
}
