using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VptDsl.Common;

/// <summary>Floats rounded to bfloat16, each the upper half of a float's bits, one after the other.</summary>
/// <remarks>
/// Everything is whole numbers: what two of them look like as a float may be a signalling NaN, which arithmetic on floats would change.
/// </remarks>
internal static class BFloat16
{
    private const uint Infinity = 0x7f800000, WithoutSign = 0x7fffffff;

    private const ushort QuietNan = 0x7fff;

    /// <summary>Packs floats: rounded to the nearest, halves to even; of NaN a quiet one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<float> floats, Span<ushort> packed)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(floats)[..packed.Length];
        ref uint source = ref MemoryMarshal.GetReference(bits);
        ref ushort destination = ref MemoryMarshal.GetReference(packed);
        int i = 0;
        for (; i <= packed.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector<uint> first = Round(Vector.LoadUnsafe(ref source, (nuint)i));
            Vector<uint> second = Round(Vector.LoadUnsafe(ref source, (nuint)(i + Vector<uint>.Count)));
            Vector.Narrow(first, second).StoreUnsafe(ref destination, (nuint)i);
        }

        for (; i < packed.Length; i++)
            packed[i] = Round(bits[i]);
    }

    /// <summary>Unpacks floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<ushort> packed, Span<float> floats)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(floats)[..packed.Length];
        ref ushort source = ref MemoryMarshal.GetReference(packed);
        ref uint destination = ref MemoryMarshal.GetReference(bits);
        int i = 0;
        for (; i <= packed.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref source, (nuint)i), out Vector<uint> first, out Vector<uint> second);
            Vector.ShiftLeft(first, 16).StoreUnsafe(ref destination, (nuint)i);
            Vector.ShiftLeft(second, 16).StoreUnsafe(ref destination, (nuint)(i + Vector<uint>.Count));
        }

        for (; i < packed.Length; i++)
            bits[i] = (uint)packed[i] << 16;
    }

    private static ushort Round(uint bits) =>
        (bits & WithoutSign) > Infinity ? QuietNan : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Round(Vector<uint> bits)
    {
        Vector<uint> isNan = Vector.GreaterThan(bits & Vector.Create(WithoutSign), Vector.Create(Infinity));
        Vector<uint> even = Vector.ShiftRightLogical(bits, 16) & Vector<uint>.One;
        Vector<uint> rounded = Vector.ShiftRightLogical(bits + Vector.Create(0x7fffu) + even, 16);
        return Vector.ConditionalSelect(isNan, Vector.Create((uint)QuietNan), rounded);
    }
}
