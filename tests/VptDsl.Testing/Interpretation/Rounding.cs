namespace VptDsl.Testing.Interpretation;

/// <summary>What tensor cores make of a factor before they multiply it.</summary>
internal static class Rounding
{
    /// <summary>
    /// What rounding a number may change it by, at most, as a part of it: half of what one unit in the last place is. 0 where nothing is
    /// rounded, for then tests measure the rounding of float32 itself.
    /// </summary>
    public static double Unit(Precision precision) => precision switch
    {
        Precision.Float32 => 0,
        Precision.TensorFloat32 => 1.0 / (1 << 11),
        Precision.BFloat16 => 1.0 / (1 << 8),
        _ => throw new NotSupportedException($"The interpreter has no rule for the precision {precision}."),
    };

    /// <summary>The number that is multiplied for a float.</summary>
    public static double Round(Precision precision, double value) => precision switch
    {
        Precision.Float32 => value,
        Precision.TensorFloat32 => BitConverter.UInt32BitsToSingle(ToTensorFloat32(BitConverter.SingleToUInt32Bits((float)value))),
        Precision.BFloat16 => BitConverter.UInt32BitsToSingle(ToBFloat16(BitConverter.SingleToUInt32Bits((float)value)) << 16),
        _ => throw new NotSupportedException($"The interpreter has no rule for the precision {precision}."),
    };

    /// <summary>A matrix whose every element is rounded; the same one where nothing is.</summary>
    public static BatchMatrix Round(Precision precision, BatchMatrix matrix) => precision == Precision.Float32
        ? matrix
        : new(matrix.Shape, matrix.Images, Array.ConvertAll(matrix.Elements, value => Round(precision, value)));

    /// <summary>A float to 11 bits, halves away from zero, as <c>cvt.rna.tf32.f32</c> does.</summary>
    public static uint ToTensorFloat32(uint bits)
    {
        float value = BitConverter.UInt32BitsToSingle(bits);
        return float.IsFinite(value) ? (bits + 0x1000) & 0xffffe000 : float.IsNaN(value) ? 0x7fffe000 : bits;
    }

    /// <summary>A float to 8 bits, halves to even, as <c>cvt.rn.bf16x2.f32</c> does: the upper half of its bits.</summary>
    public static uint ToBFloat16(uint bits) =>
        float.IsNaN(BitConverter.UInt32BitsToSingle(bits)) ? 0x7fff : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
}
