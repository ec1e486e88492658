using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Sums and means over rows and images.</summary>
internal static class ReductionRules
{
    public static void SumImages(SumImages operation, Invocation call) => call.Outputs[0].Fill((_, row, column) =>
        Enumerable.Range(0, call.Batch).Sum(image => call.Inputs[0][image, row, column]));

    public static void SumRows(SumRows operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0];
        call.Outputs[0].Fill((_, _, column) =>
            Enumerable.Range(0, x.Images).Sum(image => Enumerable.Range(0, x.Rows).Sum(row => x[image, row, column])));
    }

    public static void MeanOfGroups(MeanOfGroups operation, Invocation call)
    {
        BatchMatrix mean = call.Outputs[0];
        mean.Fill((image, row, column) =>
            Enumerable.Range(0, operation.Groups).Sum(group => call.Inputs[0][image, (group * mean.Rows) + row, column])
                / operation.Groups);
    }

    public static void SpreadToGroups(SpreadToGroups operation, Invocation call) => call.Outputs[0].Fill((image, row, column) =>
        call.Inputs[0][image, row % call.Inputs[0].Rows, column] / operation.Groups);
}
