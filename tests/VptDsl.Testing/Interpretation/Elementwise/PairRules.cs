using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Two numbers of bfloat16 in a float's bits.</summary>
internal static class PairRules
{
    public static void PackPairs(PackPairs operation, Invocation call) => call.Outputs[0].Fill((image, row, column) =>
        FromBits(Half(call.Inputs[0][image, row, 2 * column]) | (Half(call.Inputs[0][image, row, (2 * column) + 1]) << 16)));

    public static void UnpackPairs(UnpackPairs operation, Invocation call) => call.Outputs[0].Fill((image, row, column) =>
    {
        uint bits = ToBits(call.Inputs[0][image, row, column / 2]);
        return BitConverter.UInt32BitsToSingle(column % 2 == 0 ? bits << 16 : bits & 0xffff0000);
    });

    /// <summary>A float's bits as the double that is the same number, or the same NaN.</summary>
    /// <remarks>A conversion would make a signalling one quiet.</remarks>
    public static double FromBits(uint bits) => (bits & 0x7f800000) == 0x7f800000
        ? BitConverter.UInt64BitsToDouble(((bits & 0x80000000ul) << 32) | (0x7fful << 52) | ((bits & 0x7ffffful) << 29))
        : BitConverter.UInt32BitsToSingle(bits);

    /// <summary>The bits of <see cref="FromBits"/>.</summary>
    public static uint ToBits(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        return (bits & (0x7fful << 52)) == 0x7fful << 52
            ? (uint)((bits >> 32) & 0x80000000) | 0x7f800000 | (uint)((bits >> 29) & 0x7fffff)
            : BitConverter.SingleToUInt32Bits((float)value);
    }

    private static uint Half(double value) => Rounding.ToBFloat16(BitConverter.SingleToUInt32Bits((float)value));
}
