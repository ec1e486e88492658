namespace VptDsl.Weights;

/// <summary>The types of elements in weight files.</summary>
public enum TensorType
{
    /// <summary>BOOL: one byte, 0 or 1.</summary>
    Bool,

    /// <summary>U8.</summary>
    UInt8,

    /// <summary>I8.</summary>
    Int8,

    /// <summary>F8_E4M3.</summary>
    Float8E4M3,

    /// <summary>F8_E5M2.</summary>
    Float8E5M2,

    /// <summary>I16.</summary>
    Int16,

    /// <summary>U16.</summary>
    UInt16,

    /// <summary>F16: IEEE half precision.</summary>
    Float16,

    /// <summary>BF16: the upper half of a 32-bit float.</summary>
    BFloat16,

    /// <summary>I32.</summary>
    Int32,

    /// <summary>U32.</summary>
    UInt32,

    /// <summary>F32.</summary>
    Float32,

    /// <summary>F64.</summary>
    Float64,

    /// <summary>I64.</summary>
    Int64,

    /// <summary>U64.</summary>
    UInt64,

    /// <summary>C64: a complex number of two 32-bit floats.</summary>
    Complex64,

    /// <summary>Any other, known by its name alone (<see cref="TensorInfo.TypeName"/>): F4, F8_E8M0 and what comes after them.</summary>
    Other,
}

/// <summary>The names and sizes of <see cref="TensorType"/>.</summary>
internal static class TensorTypes
{
    /// <summary>The type of a name in a header.</summary>
    public static TensorType Parse(string name) => name switch
    {
        "BOOL" => TensorType.Bool,
        "U8" => TensorType.UInt8,
        "I8" => TensorType.Int8,
        "F8_E4M3" => TensorType.Float8E4M3,
        "F8_E5M2" => TensorType.Float8E5M2,
        "I16" => TensorType.Int16,
        "U16" => TensorType.UInt16,
        "F16" => TensorType.Float16,
        "BF16" => TensorType.BFloat16,
        "I32" => TensorType.Int32,
        "U32" => TensorType.UInt32,
        "F32" => TensorType.Float32,
        "F64" => TensorType.Float64,
        "I64" => TensorType.Int64,
        "U64" => TensorType.UInt64,
        "C64" => TensorType.Complex64,
        _ => TensorType.Other,
    };

    /// <summary>Bytes in one element; those of other types may share a byte.</summary>
    public static int ByteSize(this TensorType type) => type switch
    {
        TensorType.Other => throw new ArgumentOutOfRangeException(nameof(type), type, "The size of its elements is not known."),
        < TensorType.Int16 => 1,
        < TensorType.Int32 => 2,
        < TensorType.Float64 => 4,
        _ => 8,
    };

    /// <summary>Whether elements can be read as 32-bit floats.</summary>
    public static bool IsFloat(this TensorType type) =>
        type is TensorType.Float16 or TensorType.BFloat16 or TensorType.Float32 or TensorType.Float64;

    /// <summary>Whether elements can be read as 64-bit integers.</summary>
    public static bool IsInteger(this TensorType type) =>
        type is TensorType.Bool or TensorType.UInt8 or TensorType.Int8 or TensorType.Int16 or TensorType.UInt16
            or TensorType.Int32 or TensorType.UInt32 or TensorType.Int64;
}
