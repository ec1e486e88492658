using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// A panel of a product's left operand as <see cref="MicroKernel"/> reads it: packed, or where it lies.
/// </summary>
/// <param name="data">The panel's first element.</param>
/// <param name="row">Floats from a row of the tile to the next.</param>
/// <param name="step">Floats from one of the products of a sum to the next.</param>
internal readonly unsafe struct LeftPanel(float* data, long row, long step)
{
    /// <summary>The panel's first element.</summary>
    public float* Data { get; } = data;

    /// <summary>Floats from a row of the tile to the next.</summary>
    public long Row { get; } = row;

    /// <summary>Floats from one of the products of a sum to the next.</summary>
    public long Step { get; } = step;

    /// <summary>A panel that <see cref="Panels"/> packed: [depth, <see cref="MicroKernel.Rows"/>].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LeftPanel Packed(float* panel) => new(panel, 1, MicroKernel.Rows);
}
