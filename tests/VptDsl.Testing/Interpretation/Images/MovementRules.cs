using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What moves rows and columns.</summary>
internal static class MovementRules
{
    public static void ConcatRows(ConcatRows operation, Invocation call)
    {
        int start = 0;
        foreach (BatchMatrix part in call.Inputs)
        {
            Place(part, call.Outputs[0], (row, column) => (start + row, column));
            start += part.Rows;
        }
    }

    public static void ConcatColumns(ConcatColumns operation, Invocation call)
    {
        int start = 0;
        foreach (BatchMatrix part in call.Inputs)
        {
            Place(part, call.Outputs[0], (row, column) => (row, start + column));
            start += part.Columns;
        }
    }

    public static void SliceRows(SliceRows operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, operation.Start + row, column]);

    public static void SliceColumns(SliceColumns operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, row, operation.Start + column]);

    public static void PadRows(PadRows operation, Invocation call) =>
        Place(call.Inputs[0], call.Outputs[0], (row, column) => (operation.Start + row, column));

    public static void AddRows(AddRows operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0], part = call.Inputs[1];
        call.Outputs[0].Fill((image, row, column) =>
        {
            int rowOfPart = row - operation.Start;
            bool covered = rowOfPart >= 0 && rowOfPart < part.Rows;
            return x[image, row, column] + (covered ? part[image, rowOfPart, column] : 0);
        });
    }

    public static void Copy(Copy operation, Invocation call) => call.Inputs[0].Elements.CopyTo(call.Outputs[0].Elements, 0);

    public static void MergeNeighbours(MergeNeighbours operation, Invocation call) => call.Outputs[0].Fill((image, row, column) =>
    {
        (int source, int part) = Unmerged(operation.Side, call.Inputs[0].Columns, row, column);
        return call.Inputs[0][image, source, part];
    });

    public static void SplitNeighbours(SplitNeighbours operation, Invocation call) => call.Inputs[0].ForEach((image, row, column) =>
    {
        (int target, int part) = Unmerged(operation.Side, call.Outputs[0].Columns, row, column);
        call.Outputs[0][image, target, part] = call.Inputs[0][image, row, column];
    });

    public static void SwapAxes(SwapAxes operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0], swapped = call.Outputs[0];
        swapped.Fill((image, row, column) =>
        {
            int place = (row * swapped.Columns) + column, size = operation.First * operation.Second;
            int second = place % size / operation.First, first = place % operation.First;
            int source = (place / size * size) + (first * operation.Second) + second;
            return x[image, source / x.Columns, source % x.Columns];
        });
    }

    /// <summary>Copies all elements; a part without a batch is repeated for each image of a target that has one.</summary>
    private static void Place(BatchMatrix part, BatchMatrix target, Func<int, int, (int Row, int Column)> place)
    {
        for (int image = 0; image < target.Images; image++)
        {
            for (int row = 0; row < part.Rows; row++)
            {
                for (int column = 0; column < part.Columns; column++)
                {
                    (int targetRow, int targetColumn) = place(row, column);
                    target[image, targetRow, targetColumn] = part[image, row, column];
                }
            }
        }
    }

    /// <summary>The token, and its column, that lies at a row and a column of merged tokens.</summary>
    private static (int Row, int Column) Unmerged(int side, int width, int row, int column)
    {
        (int Y, int X)[] neighbours = [(0, 0), (1, 0), (0, 1), (1, 1)];
        int half = side / 2;
        (int y, int x) = neighbours[column / width];
        return (((2 * (row / half)) + y) * side + (2 * (row % half)) + x, column % width);
    }
}
