using System.Numerics;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Testing.Ptx;

/// <summary>
/// What a lane computes from its own registers. Registers hold 64 bits, of which an instruction's type says how many count.
/// </summary>
internal static class PtxArithmetic
{
    /// <summary>What an instruction computes from one to three sources.</summary>
    /// <exception cref="PtxFaultException">It is not known.</exception>
    public static Func<ulong, ulong, ulong, ulong> Of(string name)
    {
        string[] parts = name.Split('.');
        return (parts[0], parts[^1]) switch
        {
            ("mov", "u64" or "b64" or "pred") => static (a, _, _) => a,
            ("mov", "u32" or "b32" or "f32") => static (a, _, _) => (uint)a,
            ("add", "u32" or "s32") => static (a, b, _) => unchecked((uint)a + (uint)b),
            ("add", "u64" or "s64") => static (a, b, _) => unchecked(a + b),
            ("sub", "u32" or "s32") => static (a, b, _) => unchecked((uint)a - (uint)b),
            ("mul", "u32") when parts[1] == "lo" => static (a, b, _) => unchecked((uint)a * (uint)b),
            ("mul", "u32") when parts[1] == "wide" => static (a, b, _) => (ulong)(uint)a * (uint)b,
            ("mad", "u32") when parts[1] == "lo" => static (a, b, c) => unchecked(((uint)a * (uint)b) + (uint)c),
            ("div", "u32") => static (a, b, _) => (uint)a / (uint)b,
            ("rem", "u32") => static (a, b, _) => (uint)a % (uint)b,
            ("and", "b32" or "pred") => static (a, b, _) => (uint)a & (uint)b,
            ("xor", "b32") => static (a, b, _) => (uint)a ^ (uint)b,
            ("shl", "b32") => static (a, b, _) => b < 32 ? (uint)a << (int)b : 0u,
            ("shr", "u32") => static (a, b, _) => b < 32 ? (uint)a >> (int)b : 0u,
            ("setp", "u32") => Comparison<uint>(parts[1], static bits => (uint)bits),
            ("setp", "f32") => Comparison(parts[1], Float),
            ("selp", "b32" or "f32") => static (a, b, c) => (uint)((c & 1) != 0 ? a : b),
            ("cvt", "f32") when name == "cvt.rna.tf32.f32" => static (a, _, _) => Rounding.ToTensorFloat32((uint)a),
            ("cvt", "f32") when name == "cvt.rn.bf16x2.f32" =>
                static (a, b, _) => (Rounding.ToBFloat16((uint)a) << 16) | Rounding.ToBFloat16((uint)b),
            ("add", "f32") when IsRounded(parts) => static (a, b, _) => Bits(Float(a) + Float(b)),
            ("sub", "f32") when IsRounded(parts) => static (a, b, _) => Bits(Float(a) - Float(b)),
            ("mul", "f32") when IsRounded(parts) => static (a, b, _) => Bits(Float(a) * Float(b)),
            ("fma", "f32") when IsRounded(parts) => static (a, b, c) => Bits(MathF.FusedMultiplyAdd(Float(a), Float(b), Float(c))),
            ("max", "f32") when parts.Length == 2 => static (a, b, _) => Bits(Larger(Float(a), Float(b))),
            ("abs", "f32") => static (a, _, _) => (uint)a & 0x7fffffff,
            ("ex2", "f32") when parts[1] == "approx" => static (a, _, _) => Bits((float)Math.Pow(2, Float(a))),
            ("lg2", "f32") when parts[1] == "approx" => static (a, _, _) => Bits((float)Math.Log2(Float(a))),
            ("rcp", "f32") when parts[1] == "approx" => static (a, _, _) => Bits((float)(1 / (double)Float(a))),
            _ => throw new PtxFaultException($"{name} is not known."),
        };
    }

    public static float Float(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>Of a number and NaN the number, as PTX has it.</summary>
    private static float Larger(float a, float b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Max(a, b);

    private static bool IsRounded(string[] parts) => parts is [_, "rn", "f32"];

    private static Func<ulong, ulong, ulong, ulong> Comparison<T>(string comparison, Func<ulong, T> value)
        where T : IComparisonOperators<T, T, bool>
    {
        Func<T, T, bool> holds = comparison switch
        {
            "lt" => static (a, b) => a < b,
            "le" => static (a, b) => a <= b,
            "gt" => static (a, b) => a > b,
            "ge" => static (a, b) => a >= b,
            "eq" => static (a, b) => a == b,
            "ne" => static (a, b) => a != b,
            _ => throw new PtxFaultException($"The comparison {comparison} is not known."),
        };
        return (a, b, _) => holds(value(a), value(b)) ? 1u : 0u;
    }
}
