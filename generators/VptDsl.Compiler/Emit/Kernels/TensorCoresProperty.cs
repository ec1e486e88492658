namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Reads the build property VptDslTensorCores: whether products have kernels for tensor cores, and what those multiply.</summary>
/// <param name="Options">How products are computed on tensor cores; null for not at all.</param>
/// <param name="Value">The property.</param>
/// <param name="IsUnusable">Whether it names no precision.</param>
internal sealed record TensorCoresProperty(TensorCoreOptions? Options, string Value, bool IsUnusable)
{
    public static TensorCoresProperty Parse(string? value)
    {
        value = value?.Trim() ?? "";
        Precision[] named =
        [
            .. Enum.GetValues(typeof(Precision)).Cast<Precision>()
                .Where(precision => string.Equals(precision.ToString(), value, StringComparison.OrdinalIgnoreCase)),
        ];
        bool isNone = value.Length == 0 || string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
        return new(named.Length == 1 ? new(named[0]) : null, value, IsUnusable: named.Length == 0 && !isNone);
    }
}
