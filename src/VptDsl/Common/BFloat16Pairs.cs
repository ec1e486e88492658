using System.Runtime.InteropServices;

namespace VptDsl.Common;

/// <summary>Each two neighbouring floats, rounded to bfloat16, as the bits of one: the first is the lower half.</summary>
internal static class BFloat16Pairs
{
    private const uint Infinity = 0x7f800000, WithoutSign = 0x7fffffff, UpperHalf = 0xffff0000;

    /// <summary>The bits of a float rounded to bfloat16, halves to even; of NaN those of a quiet one. The lower half is zero.</summary>
    public static uint Round(uint bits) =>
        (bits & WithoutSign) > Infinity ? 0x7fff0000 : (bits + 0x7fff + ((bits >> 16) & 1)) & UpperHalf;

    /// <summary>Packs floats, of which there is an even number, into half as many.</summary>
    public static void Pack(ReadOnlySpan<float> floats, Span<float> packed)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(floats);
        Span<uint> pairs = MemoryMarshal.Cast<float, uint>(packed);
        for (int i = 0; i < pairs.Length; i++)
            pairs[i] = (Round(bits[2 * i]) >> 16) | Round(bits[(2 * i) + 1]);
    }

    /// <summary>Unpacks floats into twice as many.</summary>
    public static void Unpack(ReadOnlySpan<float> packed, Span<float> floats)
    {
        ReadOnlySpan<uint> pairs = MemoryMarshal.Cast<float, uint>(packed);
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(floats);
        for (int i = 0; i < pairs.Length; i++)
            (bits[2 * i], bits[(2 * i) + 1]) = (pairs[i] << 16, pairs[i] & UpperHalf);
    }
}
