namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Reads the build property VptDslGpuKernels: whether there are kernels at all.</summary>
/// <param name="AreWanted">Whether a project's models are to run on GPUs too.</param>
/// <param name="Value">The property.</param>
/// <param name="IsUnusable">Whether it says neither.</param>
internal sealed record KernelsProperty(bool AreWanted, string Value, bool IsUnusable)
{
    public static KernelsProperty Parse(string? value)
    {
        value = value?.Trim() ?? "";
        bool isRead = bool.TryParse(value, out bool wanted);
        return new(!isRead || wanted, value, IsUnusable: !isRead && value.Length > 0);
    }
}
