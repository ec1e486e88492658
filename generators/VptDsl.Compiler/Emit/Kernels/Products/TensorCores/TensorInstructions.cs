namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The instructions by which tensor cores multiply, and those that bring floats into what they take.</summary>
internal static class TensorInstructions
{
    public const string Tf32 = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32",
        BFloat16 = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32";

    /// <summary>d = a · b + c, where these are a warp's fragments.</summary>
    public static string Multiply(string operation, string[] d, string[] a, string[] b, string[] c) =>
        $"{operation} {Vector(d)}, {Vector(a)}, {Vector(b)}, {Vector(c)};";

    /// <summary>Two floats rounded to bfloat16 in one register.</summary>
    public static string Pack(string packed, string first, string second) => $"cvt.rn.bf16x2.f32 {packed}, {second}, {first};";

    /// <summary>A float rounded to TF32.</summary>
    public static string Round(string rounded, string value) => $"cvt.rna.tf32.f32 {rounded}, {value};";

    /// <summary>What rounding has left of a float, as a TF32 too: it is exact but for its last bit.</summary>
    /// <param name="rest">The register of what is left.</param>
    /// <param name="value">The float; it may be the same register.</param>
    /// <param name="rounded">What it was rounded to.</param>
    public static string[] Rest(string rest, string value, string rounded) =>
        [$"sub.rn.f32 {rest}, {value}, {rounded};", $"and.b32 {rest}, {rest}, 0xffffe000;"];

    /// <summary>Some of the registers of a longer list.</summary>
    public static string[] Part(string[] registers, int number, int count) => [.. registers.Skip(number * count).Take(count)];

    public static string Vector(IEnumerable<string> registers) => $"{{{string.Join(", ", registers)}}}";
}
