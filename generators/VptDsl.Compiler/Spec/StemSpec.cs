using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A backbone's first convolution, which makes an image a map of tokens or pixels.</summary>
/// <param name="Kernel">Height and width of what it reads at a time.</param>
/// <param name="Stride">Pixels from one to the next.</param>
/// <param name="Width">Its output channels.</param>
/// <param name="Parts">What the names of its parameters, and of the norm right after it, begin with.</param>
internal sealed record StemSpec(PlaneSize Kernel, PlaneSize Stride, int Width, EquatableArray<string> Parts)
{
    /// <summary>Whether it cuts an image into patches; otherwise it reads pixels more than once, and zeros around the image.</summary>
    public bool CutsPatches => Kernel == Stride;

    /// <summary>Whether a parameter of the backbone is one of its own.</summary>
    public bool Owns(string parameter) => Parts.Any(part => parameter.StartsWith(part + ".", StringComparison.Ordinal));
}
