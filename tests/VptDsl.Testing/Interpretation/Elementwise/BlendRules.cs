using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Blends by a gate.</summary>
internal static class BlendRules
{
    public static void Blend(Blend operation, Invocation call)
    {
        double share = Logistic(call.Inputs[0][0, 0, 0]);
        call.Outputs[0].Fill((image, row, column) =>
            (share * call.Inputs[1][image, row, column]) + ((1 - share) * call.Inputs[2][image, row, column]));
    }

    public static void Gated(Gated operation, Invocation call)
    {
        double share = Logistic(call.Inputs[1][0, 0, 0]), factor = operation.Complement ? 1 - share : share;
        call.Outputs[0].Fill((image, row, column) => factor * call.Inputs[0][image, row, column]);
    }

    public static void BlendSums(BlendSums operation, Invocation call)
    {
        BatchMatrix dy = call.Inputs[0], a = call.Inputs[1], b = call.Inputs[2];
        call.Outputs[0].Fill((_, _, column) => Enumerable.Range(0, dy.Images).Sum(image =>
            Enumerable.Range(0, dy.Rows).Sum(row => dy[image, row, column] * (a[image, row, column] - b[image, row, column]))));
    }

    public static void GateGradient(GateGradient operation, Invocation call)
    {
        double share = Logistic(call.Inputs[1][0, 0, 0]);
        BatchMatrix sums = call.Inputs[0];
        call.Outputs[0].Fill((_, _, _) => share * (1 - share) * Enumerable.Range(0, sums.Columns).Sum(column => sums[0, 0, column]));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
