namespace VptDsl.Compiler.Graph.Operations;

/// <summary>Matrices one below the other; parts without a batch are repeated for each image.</summary>
internal sealed record ConcatRows(int Parts) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [.. Enumerable.Range(0, Parts).Select(i => $"part{i}")];

    public override IReadOnlyList<string> OutputNames => ["rows"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs.Count == Parts && inputs.All(i => i.Columns == inputs[0].Columns), $"The parts have different widths.");
        return [new(inputs.Any(i => i.Batched), inputs.Sum(i => i.Rows), inputs[0].Columns)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        int start = 0;
        for (int i = 0; i < Parts; i++)
        {
            Value part = gradient.Input(i);
            if (gradient.Needs(i))
                gradient.Contribute(i, gradient.Builder.Rows(gradient.OutputGradient, start, part.Shape.Rows, part.Name + "Gradient"));
            start += part.Shape.Rows;
        }
    }
}

/// <summary>Matrices side by side: the plan lets their producers write into one buffer.</summary>
internal sealed record ConcatColumns(int Parts) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [.. Enumerable.Range(0, Parts).Select(i => $"part{i}")];

    public override IReadOnlyList<string> OutputNames => ["columns"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs.Count == Parts && inputs.All(i => i.Rows == inputs[0].Rows && i.Batched == inputs[0].Batched),
            $"The parts have different rows.");
        return [inputs[0].WithColumns(inputs.Sum(i => i.Columns))];
    }

    public override void Differentiate(GradientContext gradient)
    {
        int start = 0;
        for (int i = 0; i < Parts; i++)
        {
            Value part = gradient.Input(i);
            if (gradient.Needs(i))
            {
                gradient.Contribute(i, gradient.Builder.One(
                    new SliceColumns(start, part.Shape.Columns), [gradient.OutputGradient], part.Name + "Gradient"));
            }

            start += part.Shape.Columns;
        }
    }
}

/// <summary>Consecutive columns. A view.</summary>
internal sealed record SliceColumns(int Start, int Count) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["columns"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Start >= 0 && Count > 0 && Start + Count <= inputs[0].Columns, $"Columns {Start} to {Start + Count} of {inputs[0]}.");
        return [inputs[0].WithColumns(Count)];
    }
}
