using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Rows of each channel, which follow those of the channel before, times a number of the channel plus another: the normalisation of
/// colours.
/// </summary>
internal sealed record AffineChannels(EquatableArray<double> Scales, EquatableArray<double> Shifts) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Scales, Shifts];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]}, each channel scaled and shifted";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Scales.Count == Shifts.Count && inputs[0].Rows % Scales.Count == 0, $"{inputs[0]} is not {Scales.Count} channels.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                this with { Shifts = Scales.Select(_ => 0.0).ToEquatableArray() },
                [gradient.OutputGradient],
                gradient.Input(0).Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 2 * inputs[0].Count;
}
