namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>How products are computed on tensor cores.</summary>
/// <param name="Precision">What is multiplied; sums are float32 in any case.</param>
internal sealed record TensorCoreOptions(Precision Precision)
{
    /// <summary>The tile of every product; null to choose one for each that has enough of them.</summary>
    public TensorTile? Tile { get; init; }
}
