using VptDsl.Compiler.Spec;
using VptDsl.Testing.Interpretation;
using Xunit.Abstractions;

namespace VptDsl.Compiler.Tests.Precisions;

/// <summary>
/// How far logits are from those of exact factors where tensor cores multiply rounded ones: not further than what follows from how often
/// they are rounded, and as much further in bfloat16 than in TF32 as its numbers are shorter.
/// </summary>
public sealed class PrecisionErrorTests(ITestOutputHelper output)
{
    private const int Batch = 4, Classes = 10, Prompts = 8;

    /// <remarks>
    /// The bound: both factors of a product are off by a unit, which makes two of it as a part of what it is of; where each product is as
    /// large as its operands, products in sequence add theirs. The estimate: roundings are independent and spread evenly between half a
    /// place down and half a place up, so that their squares add up, and a unit's third is what each has in the mean.
    /// </remarks>
    [Theory]
    [InlineData(2, Precision.BFloat16)]
    [InlineData(2, Precision.TensorFloat32)]
    [InlineData(6, Precision.BFloat16)]
    [InlineData(6, Precision.TensorFloat32)]
    public void Logits_are_off_by_what_their_roundings_add_up_to(int layers, Precision precision)
    {
        var model = new RoundedTransformer(Vit(layers), Prompts, Classes, TrainedSet.PromptsAndHead);
        int products = model.ProductsInSequence();
        (double largest, double mean) = Error(model, precision);

        double unit = Rounding.Unit(precision), bound = 2 * products * unit, estimate = unit * Math.Sqrt(2 * products / 3.0);
        output.WriteLine(FormattableString.Invariant(
            $"{layers} layers, {precision}: {largest:E2} at most of {bound:E2}, {mean:E2} in the mean of {estimate:E2}"));
        Assert.Equal((6 * layers) + 2, products);
        Assert.InRange(largest, 0, bound);
        Assert.InRange(mean, 0, estimate);
    }

    /// <remarks>Errors are proportional to the unit as long as they are small: an eighth, and random.</remarks>
    [Fact]
    public void Errors_are_in_proportion_to_the_units()
    {
        var model = new RoundedTransformer(Vit(layers: 4), Prompts, Classes, TrainedSet.PromptsAndHead);
        double ratio = Error(model, Precision.BFloat16).Mean / Error(model, Precision.TensorFloat32).Mean;

        Assert.InRange(ratio, 4, 16);
        Assert.Equal((0, 0), Error(model, Precision.Float32));
    }

    /// <summary>The largest error as a part of the largest logit, and the errors' root mean square as a part of the logits'.</summary>
    private static (double Largest, double Mean) Error(RoundedTransformer model, Precision precision)
    {
        var random = new Random(11);
        int floats = model.Spec.Backbone.Channels * model.Spec.Backbone.Image.Height * model.Spec.Backbone.Image.Width;
        var inputs = new GraphInputs(
            Batch, model.Draw(random), [.. Enumerable.Range(0, Batch * floats).Select(_ => RoundedTransformer.Normal(random))],
            [.. Enumerable.Range(0, Batch)]);
        double[] exact = model.Evaluate(inputs, Precision.Float32).Logits.Elements;
        double[] errors = [.. model.Evaluate(inputs, precision).Logits.Elements.Zip(exact, (a, b) => a - b)];
        return (errors.Max(Math.Abs) / exact.Max(Math.Abs), Math.Sqrt(errors.Sum(e => e * e) / exact.Sum(e => e * e)));
    }

    private static VitSpec Vit(int layers) => new(Image: 32, Channels: 3, Patch: 8, Width: 64, layers, Heads: 4, Mlp: 256);
}
