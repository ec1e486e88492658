using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Tests.Golden;
using VptDsl.Testing;
using VptDsl.Testing.Interpretation;
using Xunit.Abstractions;

namespace VptDsl.Compiler.Tests.Precisions;

/// <summary>
/// A small model whose products and attention multiply rounded numbers, forwards and backwards, or whose backward pass reads what was
/// rounded, learns as much as one without.
/// </summary>
public sealed class RoundedTrainingTests(ITestOutputHelper output)
{
    private const int Classes = 4, Side = 8, Steps = 150, Batch = 16, Tests = 200;

    private static readonly int[] Seeds = [.. TestTier.Seeds(Enumerable.Range(0, 6), every: 2)];

    private static readonly Lazy<double[]> Exact =
        new(() => [.. Seeds.Select(seed => Accuracy(seed, Precision.Float32, packsSaved: false))]);

    private static readonly VitSpec Vit = new(Image: Side, Channels: 1, Patch: 2, Width: 8, Layers: 2, Heads: 2, Mlp: 16);

    /// <remarks>
    /// Within two standard errors of what seeds make of the mean. All parameters are trained, so that all gradients are rounded. What is
    /// multiplied is rounded by tensor cores, what is kept for the backward pass by every device.
    /// </remarks>
    [Theory]
    [InlineData(Precision.BFloat16, false)]
    [InlineData(Precision.BFloat16, true)]
    [InlineData(Precision.Float32, true)]
    public void A_model_learns_as_much_in_bfloat16_as_it_does_with_other_seeds(Precision multiplied, bool packsSaved)
    {
        double[] exact = Exact.Value, rounded = [.. Seeds.Select(seed => Accuracy(seed, multiplied, packsSaved))];
        double error = Math.Sqrt((Variance(exact) + Variance(rounded)) / exact.Length);
        output.WriteLine(FormattableString.Invariant(
            $"{exact.Average():P1} exact, {rounded.Average():P1} in bfloat16, standard error of the difference {error:P1}"));
        Assert.True(exact.Average() > 0.8, "It has to learn something for this to say anything.");
        Assert.InRange(Math.Abs(rounded.Average() - exact.Average()), 0, 2 * error);
    }

    private static double Variance(double[] values) => values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1);

    private static double Accuracy(int seed, Precision precision, bool packsSaved)
    {
        var random = new Random(seed);
        var model = new RoundedTransformer(Vit, prompts: 2, Classes, TrainedSet.Everything);
        Update update = ReferenceOptimizers.AdamW(new(LearningRate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0.01));
        GraphInputs inputs = Draw(random, Batch, model.Draw(random));
        for (int step = 1; step <= Steps; step++)
        {
            foreach ((string parameter, double[] gradient) in model.Evaluate(inputs, precision, packsSaved).Gradients())
                inputs = inputs.With(parameter, update(parameter, inputs.Parameters[parameter], gradient, step));
            inputs = Draw(random, Batch, inputs.Parameters);
        }

        GraphInputs tests = Draw(random, Tests, inputs.Parameters);
        BatchMatrix logits = model.Evaluate(tests, precision).Logits;
        return Enumerable.Range(0, Tests).Count(image => Best(logits, image) == tests.Labels[image]) / (double)Tests;
    }

    private static int Best(BatchMatrix logits, int image) => Enumerable.Range(0, Classes).MaxBy(c => logits[image, 0, c]);

    /// <summary>Stripes in one of four directions, from anywhere on, among noise.</summary>
    private static GraphInputs Draw(Random random, int batch, IReadOnlyDictionary<string, double[]> parameters)
    {
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(Classes))];
        double[] images = [.. labels.SelectMany(label =>
        {
            double phase = 2 * Math.PI * random.NextDouble();
            (int down, int across) = label switch { 0 => (0, 1), 1 => (1, 0), 2 => (1, 1), _ => (1, -1) };
            return Enumerable.Range(0, Side * Side).Select(p =>
                Math.Sin((Math.PI / 2 * ((p / Side * down) + (p % Side * across))) + phase) + (0.6 * RoundedTransformer.Normal(random)));
        })];
        return new(batch, parameters, images, labels);
    }
}
