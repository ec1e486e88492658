using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What segmentation needs: enlarged maps, and the loss of pixels.</summary>
internal static class PixelRules
{
    public static void Upsample(Upsample operation, Invocation call)
    {
        BatchMatrix map = call.Inputs[0];
        int side = operation.Size * operation.Factor;
        call.Outputs[0].Fill((image, row, column) => Taps(operation.Size, operation.Factor, row / side)
            .Sum(y => Taps(operation.Size, operation.Factor, row % side)
                .Sum(x => y.Weight * x.Weight * map[image, (y.Place * operation.Size) + x.Place, column])));
    }

    public static void UpsampleGradient(UpsampleGradient operation, Invocation call)
    {
        BatchMatrix dEnlarged = call.Inputs[0], dMap = call.Outputs[0];
        int side = operation.Size * operation.Factor;
        for (int image = 0; image < dEnlarged.Images; image++)
        {
            for (int row = 0; row < side * side; row++)
            {
                foreach (var y in Taps(operation.Size, operation.Factor, row / side))
                {
                    foreach (var x in Taps(operation.Size, operation.Factor, row % side))
                    {
                        for (int column = 0; column < dMap.Columns; column++)
                        {
                            dMap[image, (y.Place * operation.Size) + x.Place, column] +=
                                y.Weight * x.Weight * dEnlarged[image, row, column];
                        }
                    }
                }
            }
        }
    }

    public static void PixelCrossEntropy(PixelCrossEntropy operation, Invocation call)
    {
        BatchMatrix logits = call.Inputs[0];
        int counted = Enumerable.Range(0, call.Batch).Sum(image => Counted(call, operation.Ignored, image).Count());
        call.Outputs[0].Fill((image, _, _) => Counted(call, operation.Ignored, image)
            .Sum(row => LogSum(logits, image, row) - logits[image, row, Label(call, image, row)]) * call.Batch / Math.Max(1, counted));
        call.Outputs[1].Fill((image, _, _) => Counted(call, operation.Ignored, image).Select(row =>
        {
            var scores = Enumerable.Range(0, logits.Columns).Select(column => logits[image, row, column]).ToList();
            return scores.IndexOf(scores.Max()) == Label(call, image, row) ? 1.0 : 0;
        }).DefaultIfEmpty(0).Average());
        call.Outputs[2].Fill((_, _, _) => counted);
    }

    public static void PixelCrossEntropyGradient(PixelCrossEntropyGradient operation, Invocation call)
    {
        BatchMatrix logits = call.Inputs[0];
        call.Outputs[0].Fill((image, row, column) =>
        {
            int label = Label(call, image, row);
            double probability = Math.Exp(logits[image, row, column] - LogSum(logits, image, row));
            return label == operation.Ignored ? 0 : (probability - (column == label ? 1 : 0)) / Math.Max(1, call.Inputs[2][0, 0, 0]);
        });
    }

    /// <summary>The places of a side that an enlarged place is a mean of; the same place twice at the ends.</summary>
    private static (int Place, double Weight)[] Taps(int size, int factor, int enlarged)
    {
        double source = Math.Max(0, ((enlarged + 0.5) / factor) - 0.5), part = source - Math.Floor(source);
        int first = (int)source;
        return [(first, 1 - part), (Math.Min(first + 1, size - 1), part)];
    }

    private static IEnumerable<int> Counted(Invocation call, int ignored, int image) =>
        Enumerable.Range(0, call.Inputs[0].Rows).Where(row => Label(call, image, row) != ignored);

    private static int Label(Invocation call, int image, int row) => (int)call.Inputs[1][image, row, 0];

    private static double LogSum(BatchMatrix logits, int image, int row)
    {
        var scores = Enumerable.Range(0, logits.Columns).Select(column => logits[image, row, column]);
        double largest = scores.Max();
        return largest + Math.Log(scores.Sum(score => Math.Exp(score - largest)));
    }
}
