using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Torchvision;

[Vit(Image = 15, Channels = 1, Patch = 5, Width = 8, Layers = 3, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Linear)]
internal sealed partial class LinearSegmenter;

[Vit(Image = 18, Channels = 1, Patch = 6, Width = 8, Layers = 3, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Width = 5, IgnoreLabel = 7)]
internal sealed partial class NaiveSegmenter;

[Vit(Image = 32, Channels = 1, Patch = 16, Width = 8, Layers = 2, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Pup, Width = 4)]
internal sealed partial class PupSegmenter;

/// <summary>Patches that leave room for one enlargement by 2, and for one by 3 at the end.</summary>
[Vit(Image = 18, Channels = 1, Patch = 6, Width = 8, Layers = 2, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Pup, Width = 4)]
internal sealed partial class OddPupSegmenter;

[Vit(Image = 24, Channels = 1, Patch = 8, Width = 8, Layers = 8, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Mla, Width = 4)]
internal sealed partial class MlaSegmenter;

/// <summary>
/// Protects segmentation against PyTorch, where the decoders are built as SETR's authors draw them: the map of channels is enlarged to the
/// image and the classes are told apart there, which must be the same as telling them apart before. Protects with it
/// <list type="bullet">
/// <item>the loss as the mean over all pixels of the batch that count, with a tenth of one image ignored and most of the other;</item>
/// <item>every gradient of prompts and decoder, through batch normalisation by the batch's own statistics;</item>
/// <item>the running statistics that a step leaves, unbiased variance and all, and inference that goes by them;</item>
/// <item>which layers MLA reads.</item>
/// </list>
/// make_segmentation_vectors.py beside this file writes the numbers.
/// </summary>
public sealed class SegmentationTorchTests
{
    private const double Tolerance = 1e-4;
    private const int Batch = 2;

    public static TheoryData<string> Models => ["setr_linear", "setr_naive", "setr_pup", "setr_pup_odd", "setr_mla"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Step_agrees_with_PyTorch(string name)
    {
        using SafetensorsFile expected = Open(name);
        using Device device = Device.Cpu();
        using Tuner tuner = Load(name, device, expected);
        float[] correct = new float[Batch];

        tuner.Compiled.Step();
        tuner.Compiled.ReadCorrect(correct);

        Near(expected.ReadFloats("logits"), tuner.Logits(Batch), "logits");
        Near(expected.ReadFloats("loss"), [tuner.Losses(Batch).Average()], "loss");
        Near(expected.ReadFloats("correct"), correct, "share of pixels");
        ParameterDescription[] trained = [.. tuner.Model.Parameters.Where(p => p.Trained)];
        Assert.Equal(NamesAfter(expected, "grad."), trained.Select(p => p.Name).Order());
        foreach (ParameterDescription parameter in trained)
            Near(expected.ReadFloats("grad." + parameter.Name), Read(tuner, Region.Gradients, parameter), "gradient of " + parameter.Name);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Running_statistics_follow_a_step_and_decide_inference_as_in_PyTorch(string name)
    {
        using SafetensorsFile expected = Open(name);
        using Device device = Device.Cpu();
        using Tuner tuner = Load(name, device, expected);

        tuner.Compiled.Step();
        ParameterDescription[] measured = [.. tuner.Model.Parameters.Where(p => p.IsMeasured)];
        Assert.Equal(NamesAfter(expected, "next."), measured.Select(p => p.Name).Order());
        foreach (ParameterDescription parameter in measured)
            Near(expected.ReadFloats("next." + parameter.Name), Read(tuner, Region.Statistics, parameter), parameter.Name + " after a step");

        tuner.Compiled.Infer();
        Near(expected.ReadFloats("inference_logits"), tuner.Logits(Batch), "logits of inference");
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
