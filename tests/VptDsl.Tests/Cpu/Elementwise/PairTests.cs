using VptDsl.Devices.Cpu;
using VptDsl.Devices.Ilgpu;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Tests.Cpu;

/// <summary>
/// Two floats in the bits of one, on the CPU and as kernels have it: any bits, any size, the same on any number of threads.
/// </summary>
public unsafe class PairTests
{
    private static readonly uint[] Special =
    [
        0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x3f800000, 0x3f808000, 0x3f818000, 0x3f807fff, 0x3f808001, 0x7f7f7fff,
        0x7f7f8000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7f800001, 0x7fbfffff, 0x7fc00000, 0x7fffffff, 0xffffffff, 0xff800001,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(333)]
    public void Whatever_is_packed_comes_out_as_its_nearest_bfloat16(int pairs)
    {
        var random = new Random(6);
        using var x = new Operand(random, 3, 40, 2 * pairs, 2, 5);
        using var packed = new Operand(random, 3, 40, pairs, 1, 7);
        using var unpacked = new Operand(random, 3, 40, 2 * pairs, 3);
        for (int i = 0; i < 120 * 2 * pairs; i++)
        {
            uint bits = i % 2 == 0 ? (uint)random.NextInt64(1L << 32) : Special[i / 2 % Special.Length];
            *(uint*)(x.Matrix.Row(i / (2 * pairs)) + (i % (2 * pairs))) = bits;
        }

        Threads.AssertSameBits("packing", w => Pairs.Pack(w, 120, pairs, x.Matrix, packed.Matrix), packed);
        Threads.AssertSameBits("unpacking", w => Pairs.Unpack(w, 120, pairs, packed.Matrix, unpacked.Matrix), unpacked);

        packed.AssertOnlyElementsWritten("packing");
        unpacked.AssertOnlyElementsWritten("unpacking");
        Assert.Equal(
            Array.ConvertAll(x.Bits(), bits => Rounding.ToBFloat16((uint)bits) << 16),
            Array.ConvertAll(unpacked.Bits(), bits => (uint)bits));
    }

    [Fact]
    public void Kernels_have_the_same_bits()
    {
        foreach (uint first in Special)
        {
            foreach (uint second in Special)
            {
                float packed = KernelMath.PackPair(BitConverter.UInt32BitsToSingle(first), BitConverter.UInt32BitsToSingle(second));
                Assert.Equal(
                    Rounding.ToBFloat16(first) | (Rounding.ToBFloat16(second) << 16), BitConverter.SingleToUInt32Bits(packed));
                Assert.Equal(Rounding.ToBFloat16(first) << 16, BitConverter.SingleToUInt32Bits(KernelMath.UnpackPair(packed, 0)));
                Assert.Equal(Rounding.ToBFloat16(second) << 16, BitConverter.SingleToUInt32Bits(KernelMath.UnpackPair(packed, 1)));
            }
        }
    }
}
