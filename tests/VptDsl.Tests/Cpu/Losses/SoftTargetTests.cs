using System.Runtime.CompilerServices;
using System.Text.Json;
using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Mixed and smoothed targets cost what PyTorch says, and have its gradient; soft_targets.json has the numbers.</summary>
public unsafe class SoftTargetTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden().GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradient_are_PyTorchs(int index)
    {
        JsonElement golden = Golden()[index];
        float[] logits = [.. golden.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
        double[] gradient = [.. golden.GetProperty("gradient").EnumerateArray().Select(value => value.GetDouble())];
        var softening = new Softening
        {
            Other = golden.GetProperty("other").GetInt32(),
            Share = golden.GetProperty("share").GetSingle(),
            Smoothing = golden.GetProperty("smoothing").GetSingle(),
            Classes = logits.Length,
        };
        float label = golden.GetProperty("label").GetInt32(), weight = 1, loss = 0;
        float[] actual = new float[logits.Length];
        using var workers = new CpuWorkers(1);
        fixed (float* from = logits, to = actual)
        {
            var targets = new Targets(&label, &weight, &softening);
            Matrix input = new(from, logits.Length), output = new(to, logits.Length);
            Losses.CrossEntropy(workers, 1, logits.Length, input, targets, &loss);
            Losses.CrossEntropyGradient(workers, 1, logits.Length, input, targets, 1, output);
        }

        double expected = golden.GetProperty("loss").GetDouble();
        Assert.Equal(expected, loss, 1e-6 * Math.Max(1, expected));
        for (int c = 0; c < actual.Length; c++)
            Assert.Equal(gradient[c], actual[c], 1e-6);
    }

    private static JsonElement Golden([CallerFilePath] string thisFile = "") =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(thisFile)!, "soft_targets.json"))).RootElement;
}
