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
