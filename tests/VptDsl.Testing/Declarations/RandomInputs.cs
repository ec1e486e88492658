using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Testing.Declarations;

/// <summary>Images, labels and parameters drawn from a seed.</summary>
internal static class RandomInputs
{
    public static GraphInputs Draw(ModelSpec spec, int seed)
    {
        var random = new Random(seed);
        int batch = random.Next(1, 4);

        // A normalisation over few images cancels nearly all of the gradients before it.
        if (spec.Head is ClassifierHeadSpec { HiddenLayers: > 0, FrozenStatistics: false })
            batch += 4;
        return new(
            batch,
            ClassifierGraph.Build(spec).Parameters.ToDictionary(p => p.Name, p => Draw(p, random)),
            Uniform(random, batch * spec.Backbone.Channels * (int)spec.Backbone.Image.Area, 1),
            Labels(spec, random, batch));
    }

    /// <summary>
    /// A class for each label that an image has, or whether it has each class; where pixels can be ignored, one in four is.
    /// </summary>
    public static int[] Labels(ModelSpec spec, Random random, int batch) =>
        Enumerable.Range(0, batch * spec.Head.LabelsPerImage(spec.Backbone))
            .Select(_ => spec.Head.IgnoredLabel is { } ignored && random.Next(4) == 0 ? ignored
                : random.Next(spec.Head.IsMultiLabel ? 2 : spec.Head.Classes)).ToArray();

    /// <summary>Evenly between ±<paramref name="limit"/>.</summary>
    public static double[] Uniform(Random random, long count, double limit) =>
        Enumerable.Range(0, (int)count).Select(_ => ((2 * random.NextDouble()) - 1) * limit).ToArray();

    /// <summary>Large enough for every nonlinearity to be felt; scales stay around 1.</summary>
    private static double[] Draw(Parameter parameter, Random random)
    {
        double centre = parameter.Initializer is { Distribution: Distribution.Constant, Value: 1 } ? 1 : 0;
        return Uniform(random, parameter.Count, 0.5).Select(v => v + centre).ToArray();
    }
}
