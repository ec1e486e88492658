using System.Runtime.InteropServices;

namespace VptDsl.Devices.Cpu;

/// <summary>What the logits of a batch are compared with, an entry for each image.</summary>
/// <param name="labels">Whole numbers in 0 .. classes - 1.</param>
/// <param name="weights">How much each image counts.</param>
/// <param name="softenings">How each target differs from the label alone.</param>
internal readonly unsafe struct Targets(float* labels, float* weights, Softening* softenings)
{
    public int Label(long image) => (int)labels[image];

    public float Weight(long image) => weights[image];

    public ref Softening Softening(long image) => ref softenings[image];
}

/// <summary>How an image's target differs from its label: zeros are no difference.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Softening
{
    /// <summary>Another class.</summary>
    public float Other;

    /// <summary>That class's share of what the label had.</summary>
    public float Share;

    /// <summary>What all classes get alike.</summary>
    public float Smoothing;

    /// <summary>The number of these classes, from the first on.</summary>
    public float Classes;

    public readonly bool IsNone => Share == 0 && Smoothing == 0;
}
