using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Torchvision;

/// <summary>
/// Backbones compute what torchvision's compute, with its checkpoints: logits, loss and every gradient, down to the pixels around the
/// images. make_vectors.py beside this file writes the numbers.
/// </summary>
public sealed class TorchvisionTests
{
    private const double Tolerance = 1e-4;
    private const int Batch = 2;

    [Theory]
    [InlineData("convnext")]
    [InlineData("resnet_bottleneck")]
    [InlineData("resnet_basic")]
    [InlineData("swin")]
    public void Step_agrees_with_torchvision(string name)
    {
        string vectors = Path.Combine(AppContext.BaseDirectory, "Torchvision", "Vectors", name);
        using var expected = SafetensorsFile.Open(vectors + ".expected.safetensors");
        using Device device = Device.Cpu();
        using Tuner tuner = Load(name, device, vectors + ".weights.safetensors");
        foreach (ParameterDescription parameter in tuner.Model.Parameters.Where(p => p.Kind != ParameterKind.Backbone))
            tuner.Compiled.Write(new(Region.Trained, parameter.Offset), expected.ReadFloats(parameter.Name));

        tuner.Compiled.SetBatch(expected.ReadFloats("images"), Array.ConvertAll(expected.ReadFloats("labels"), label => (int)label));
        tuner.Compiled.Step();

        Near(expected.ReadFloats("logits"), tuner.Logits(Batch), "logits");
        Near(expected.ReadFloats("loss"), [tuner.Losses(Batch).Average()], "loss");
        ParameterDescription[] trained = [.. tuner.Model.Parameters.Where(p => p.Trained)];
        Assert.Equal(
            expected.Tensors.Where(t => t.Name.StartsWith("grad.", StringComparison.Ordinal)).Select(t => t.Name[5..]).Order(),
            trained.Select(p => p.Name).Order());
        float[] gradients = tuner.Gradients();
        foreach (ParameterDescription parameter in trained)
        {
            Near(
                expected.ReadFloats("grad." + parameter.Name),
                gradients[(int)parameter.Offset..(int)(parameter.Offset + parameter.Count)],
                parameter.Name);
        }
    }

    private static Tuner Load(string name, Device device, string weights) => name switch
    {
        "convnext" => SmallConvNeXt.Load(device, weights),
        "resnet_bottleneck" => SmallBottlenecks.Load(device, weights),
        "swin" => SmallSwin.Load(device, weights),
        _ => SmallBasicBlocks.Load(device, weights),
    };

    private static void Near(float[] expected, float[] actual, string what)
    {
        double error = RelativeError.Of(actual, expected);
        Assert.True(error <= Tolerance, $"{what}: largest difference / largest value is {error:E2}, above {Tolerance:E0}.");
    }
}
