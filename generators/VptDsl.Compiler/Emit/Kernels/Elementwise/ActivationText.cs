using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Activation functions as kernels compute them: by the runtime's functions of the same names.</summary>
internal static class ActivationText
{
    /// <summary>The function at an element.</summary>
    public static string Value(Activate activate, string x) => $"KernelMath.{activate.Kind}({x})";

    /// <summary>An element of a gradient times the function's derivative; a rectifier chooses, and multiplies nothing.</summary>
    public static string Gradient(ActivationGradient gradient, string dy, string gate) => gradient.Kind == ActivationKind.Relu
        ? $"KernelMath.ReluGradient({dy}, {gate})"
        : $"{dy} * KernelMath.{gradient.Kind}Derivative({gate})";
}
