namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Emits the optimisers' kernels: one thread updates one trained parameter.</summary>
/// <remarks>Their names and parameters are what the runtime launches; see the runtime's <c>OptimizerLaunchers</c>.</remarks>
internal static class OptimizerKernel
{
    private const string Views = "Index1D index, ArrayView<float> parameters, ArrayView<float> gradients";

    /// <param name="writer">Writes into the class of kernels.</param>
    public static void Write(SourceWriter writer)
    {
        writer.Summary("SGD with momentum on the trained parameters, of which the first decay.");
        using (writer.Block(
            $"public static void UpdateSgd({Views}, ArrayView<float> velocities, float rate, float momentum, float decay, int decayed)"))
        {
            writer.Line("float gradient = gradients[index] + (index < decayed ? decay * parameters[index] : 0);");
            writer.Line("float velocity = (momentum * velocities[index]) + gradient;");
            writer.Line("velocities[index] = velocity;");
            writer.Line("parameters[index] -= rate * velocity;");
        }

        writer.Line();
        writer.Summary(
            "AdamW on the trained parameters; the rate is corrected for the moments' bias, and decay takes away a share of the first.");
        using (writer.Block(
            $"public static void UpdateAdamW({Views}, ArrayView<float> firstMoments, ArrayView<float> secondMoments, float rate, "
                + "float beta1, float beta2, float epsilon, float share, int decayed)"))
        {
            writer.Line("float gradient = gradients[index];");
            writer.Line("float first = (beta1 * firstMoments[index]) + ((1 - beta1) * gradient);");
            writer.Line("float second = (beta2 * secondMoments[index]) + ((1 - beta2) * gradient * gradient);");
            writer.Line("firstMoments[index] = first;");
            writer.Line("secondMoments[index] = second;");
            writer.Line("float parameter = parameters[index] - (rate * first / (XMath.Sqrt(second) + epsilon));");
            writer.Line("parameters[index] = index < decayed ? parameter - (share * parameter) : parameter;");
        }
    }
}
