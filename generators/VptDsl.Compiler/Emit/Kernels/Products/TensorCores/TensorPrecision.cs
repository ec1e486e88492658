namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What tensor cores multiply. They add up in float32 in any case.</summary>
internal enum TensorPrecision
{
    /// <summary>Each float as the sum of two of 11 bits, three products for one: as good as float32 units.</summary>
    Float32,

    /// <summary>Floats rounded to 11 bits.</summary>
    TensorFloat32,

    /// <summary>Floats rounded to 8 bits.</summary>
    BFloat16,
}

/// <summary>How products are computed on tensor cores.</summary>
/// <param name="Precision">What is multiplied.</param>
internal sealed record TensorCoreOptions(TensorPrecision Precision)
{
    /// <summary>The tile of every product; null to choose one for each that has enough of them.</summary>
    public TensorTile? Tile { get; init; }
}
