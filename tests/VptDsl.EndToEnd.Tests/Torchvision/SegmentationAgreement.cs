using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Torchvision;

/// <summary>Whether a device computes what PyTorch does of SETR's decoders: a check fails by an assertion.</summary>
internal static class SegmentationAgreement
{
    private const double Tolerance = 1e-4;
    private const int Batch = 2;

    /// <summary>The models with numbers of PyTorch.</summary>
    public static IReadOnlyList<string> Names { get; } = ["setr_linear", "setr_naive", "setr_pup", "setr_pup_odd", "setr_mla"];

    /// <summary>Logits, loss, the share of pixels that are right, and every gradient.</summary>
    public static void OfStep(string name, Device device)
    {
        using SafetensorsFile expected = Open(name);
        using Tuner tuner = Load(name, device, expected);
        float[] correct = new float[Batch];

        tuner.Compiled.Step();
        tuner.Compiled.ReadCorrect(correct);

        Near(expected.ReadFloats("logits"), Logits(tuner), "logits");
        Near(expected.ReadFloats("loss"), [Loss(tuner)], "loss");
        Near(expected.ReadFloats("correct"), correct, "share of pixels");
        ParameterDescription[] trained = [.. tuner.Model.Parameters.Where(p => p.Trained)];
        Assert.Equal(NamesAfter(expected, "grad."), trained.Select(p => p.Name).Order());
        foreach (ParameterDescription parameter in trained)
            Near(expected.ReadFloats("grad." + parameter.Name), Read(tuner, Region.Gradients, parameter), "gradient of " + parameter.Name);
    }

    /// <summary>The running statistics after a step, and inference that goes by them.</summary>
    public static void OfStatisticsAndInference(string name, Device device)
    {
        using SafetensorsFile expected = Open(name);
        using Tuner tuner = Load(name, device, expected);

        tuner.Compiled.Step();
        ParameterDescription[] measured = [.. tuner.Model.Parameters.Where(p => p.IsMeasured)];
        Assert.Equal(NamesAfter(expected, "next."), measured.Select(p => p.Name).Order());
        foreach (ParameterDescription parameter in measured)
        {
            Near(
                expected.ReadFloats("next." + parameter.Name), Read(tuner, Region.Statistics, parameter), parameter.Name + " after a step");
        }

        tuner.Compiled.Infer();
        Near(expected.ReadFloats("inference_logits"), Logits(tuner), "logits of inference");
    }

    private static SafetensorsFile Open(string name) => SafetensorsFile.Open(PathOf(name) + ".expected.safetensors");

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Torchvision", "Vectors", name);

    /// <summary>A model with the case's parameters and its batch.</summary>
    private static Tuner Load(string name, Device device, SafetensorsFile expected)
    {
        string weights = PathOf(name) + ".weights.safetensors";
        Tuner tuner = name switch
        {
            "setr_linear" => LinearSegmenter.Load(device, weights),
            "setr_naive" => NaiveSegmenter.Load(device, weights),
            "setr_pup" => PupSegmenter.Load(device, weights),
            "setr_pup_odd" => OddPupSegmenter.Load(device, weights),
            _ => MlaSegmenter.Load(device, weights),
        };
        foreach (ParameterDescription parameter in tuner.Model.Parameters.Where(p => p.Kind != ParameterKind.Backbone))
            tuner.Compiled.Write(new(parameter.Region, parameter.Offset), expected.ReadFloats(parameter.Name));
        tuner.Compiled.SetBatch(expected.ReadFloats("images"), Array.ConvertAll(expected.ReadFloats("labels"), label => (int)label));
        return tuner;
    }

    private static IEnumerable<string> NamesAfter(SafetensorsFile expected, string prefix) =>
        expected.Tensors.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t.Name[prefix.Length..]).Order();

    private static float[] Logits(Tuner tuner)
    {
        float[] logits = new float[Batch * tuner.Model.LabelsPerImage * tuner.Model.Classes];
        tuner.Compiled.ReadLogits(logits);
        return logits;
    }

    private static float Loss(Tuner tuner)
    {
        float[] losses = new float[Batch];
        tuner.Compiled.ReadLosses(losses);
        return losses.Average();
    }

    private static float[] Read(Tuner tuner, Region region, ParameterDescription parameter)
    {
        float[] values = new float[parameter.Count];
        tuner.Compiled.Read(new(region, parameter.Offset), values);
        return values;
    }

    private static void Near(float[] expected, float[] actual, string what)
    {
        double error = RelativeError.Of(actual, expected);
        Assert.True(error <= Tolerance, $"{what}: largest difference / largest value is {error:E2}, above {Tolerance:E0}.");
    }
}
