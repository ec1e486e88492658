using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Maps of pixels, enlarged.</summary>
internal static class UpsampleRules
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

    /// <summary>The places of a side that an enlarged place is a mean of; the same place twice at the ends.</summary>
    private static (int Place, double Weight)[] Taps(int size, int factor, int enlarged)
    {
        double source = Math.Max(0, ((enlarged + 0.5) / factor) - 0.5), part = source - Math.Floor(source);
        int first = (int)source;
        return [(first, 1 - part), (Math.Min(first + 1, size - 1), part)];
    }
}
