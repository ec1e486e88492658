using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What is computed element by element.</summary>
internal static class ElementwiseRules
{
    public static void Add(Add operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, row, column] + call.Inputs[1][image, row, column]);

    public static void Multiply(Multiply operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, row, column] * call.Inputs[1][image, row, column]);

    public static void AddRow(AddRow operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, row, column] + call.Inputs[1][image, 0, column]);
}
