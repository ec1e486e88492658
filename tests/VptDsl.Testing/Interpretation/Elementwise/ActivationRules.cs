using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>The activation functions in double precision.</summary>
internal static class ActivationRules
{
    public static void Activate(Activate operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, column) => Value(operation.Kind, call.Inputs[0][image, row, column]));

    public static void ActivationGradient(ActivationGradient operation, Invocation call) => call.Outputs[0].Fill((image, row, column) =>
        call.Inputs[0][image, row, column] * Derivative(operation.Kind, call.Inputs[1][image, row, column]));

    /// <summary>The function of a kind.</summary>
    public static double Value(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Gelu => ErrorFunction.Gelu(x),
        ActivationKind.GeluTanh => x * (1 + Math.Tanh(TanhArgument(x))) / 2,
        ActivationKind.QuickGelu => x * Logistic(1.702 * x),
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Silu => x * Logistic(x),
        _ => throw new NotSupportedException($"The interpreter has no rule for the activation {kind}."),
    };

    /// <summary>The derivative at the gate: the input, for a rectifier the result.</summary>
    public static double Derivative(ActivationKind kind, double gate) => kind switch
    {
        ActivationKind.Gelu => ErrorFunction.GeluDerivative(gate),
        ActivationKind.GeluTanh => TanhDerivative(gate),
        ActivationKind.QuickGelu => Logistic(1.702 * gate) + (1.702 * gate * Logistic(1.702 * gate) * Logistic(-1.702 * gate)),
        ActivationKind.Relu => gate > 0 ? 1 : 0,
        ActivationKind.Silu => Logistic(gate) + (gate * Logistic(gate) * Logistic(-gate)),
        _ => throw new NotSupportedException($"The interpreter has no rule for the derivative of the activation {kind}."),
    };

    private static double TanhDerivative(double x)
    {
        double tanh = Math.Tanh(TanhArgument(x)), slope = Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x));
        return ((1 + tanh) / 2) + (x * (1 - (tanh * tanh)) * slope / 2);
    }

    private static double TanhArgument(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
