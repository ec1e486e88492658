namespace VptDsl.Compiler.Graph.Operations;

/// <summary>How patches slide over a square map of pixels, whose rows are pixels, line by line, and whose columns are channels.</summary>
/// <param name="Size">Height and width of the map.</param>
/// <param name="Kernel">Height and width of a patch.</param>
/// <param name="Stride">Pixels from a patch to the next.</param>
/// <param name="Padding">Pixels by which the first patch begins outside the map.</param>
internal sealed record SlidingPatch(int Size, int Kernel, int Stride, int Padding)
{
    /// <summary>Patches in a line, and lines of them; pixels left over at the end are in none.</summary>
    public int Side => ((Size + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Pixels of the map.</summary>
    public int Pixels => Size * Size;

    /// <summary>The number of patches.</summary>
    public int Patches => Side * Side;

    /// <summary>Pixels of a patch.</summary>
    public int Taps => Kernel * Kernel;

    /// <summary>The patches for people, such as "3×3 / 2 + 1" with stride and padding.</summary>
    public string Describe() => $"{Kernel}×{Kernel}" + (Stride == 1 ? "" : $" / {Stride}") + (Padding == 0 ? "" : $" + {Padding}");

    /// <summary>Whether at least one patch is there, and each holds a pixel of the map.</summary>
    public bool IsPossible => Size + (2 * Padding) >= Kernel && Padding < Kernel && Stride > 0;
}
