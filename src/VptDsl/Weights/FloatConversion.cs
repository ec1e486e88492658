using System.Numerics;
using System.Runtime.InteropServices;

namespace VptDsl.Weights;

/// <summary>Turns the little-endian elements of a file into numbers.</summary>
internal static class FloatConversion
{
    /// <summary>Converts elements of a floating-point type to 32 bits, rounding to nearest where they are wider.</summary>
    public static void ToFloat(TensorType type, ReadOnlySpan<byte> bytes, Span<float> destination)
    {
        switch (type)
        {
            case TensorType.Float32:
                bytes.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case TensorType.Float16:
                Convert<Half, float>(bytes, destination);
                break;
            case TensorType.BFloat16:
                WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(bytes), destination);
                break;
            case TensorType.Float64:
                Convert<double, float>(bytes, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a floating-point type.");
        }
    }

    /// <summary>Widens elements of an integer type to 64 bits.</summary>
    public static void ToInt64(TensorType type, ReadOnlySpan<byte> bytes, Span<long> destination)
    {
        switch (type)
        {
            case TensorType.Bool or TensorType.UInt8:
                Convert<byte, long>(bytes, destination);
                break;
            case TensorType.Int8:
                Convert<sbyte, long>(bytes, destination);
                break;
            case TensorType.Int16:
                Convert<short, long>(bytes, destination);
                break;
            case TensorType.UInt16:
                Convert<ushort, long>(bytes, destination);
                break;
            case TensorType.Int32:
                Convert<int, long>(bytes, destination);
                break;
            case TensorType.UInt32:
                Convert<uint, long>(bytes, destination);
                break;
            case TensorType.Int64:
                Convert<long, long>(bytes, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of integers that fit 64 bits.");
        }
    }

    private static void WidenBFloat16(ReadOnlySpan<ushort> words, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
        }
    }

    private static void Convert<TStored, TNumber>(ReadOnlySpan<byte> bytes, Span<TNumber> destination)
        where TStored : unmanaged, INumberBase<TStored>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        var stored = MemoryMarshal.Cast<byte, TStored>(bytes);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = TNumber.CreateTruncating(stored[i]);
        }
    }
}
