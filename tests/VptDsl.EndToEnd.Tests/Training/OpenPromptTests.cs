using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>A prompt method from its declaration to training: exactly what it declares is learned.</summary>
public sealed class OpenPromptTests
{
    private const int Batch = 5, Steps = 3;

    [Fact]
    public void Key_value_prompts() => AssertTrains(
        device => OpenKeyValue.Create(device, seed: 1),
        OpenKeyValue.TrainableParameters,
        ["prompts.prompts", "prompts.keys", "prompts.values"]);

    [Fact]
    public void Gated_prompts() => AssertTrains(
        device => OpenGated.Create(device, seed: 1), OpenGated.TrainableParameters, ["prompts.prompts", "prompts.gate"]);

    [Fact]
    public void Cross_attention_prompts() => AssertTrains(
        device => OpenCross.Create(device, seed: 1), OpenCross.TrainableParameters, ["prompts.prompts"]);

    private static void AssertTrains(Func<Device, Tuner> create, long trainable, string[] declared)
    {
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = create(device);
        ParameterDescription[] trained = [.. tuner.Model.Parameters.Where(p => p.Trained)];
        Assert.Equal(
            [.. declared.Order(), "head"], trained.Select(p => WithoutLayer(p.Name)).Distinct().OrderBy(n => n == "head").ThenBy(n => n));
        Assert.Equal(trainable, tuner.Model.TrainedFloats);
        float[] frozen = Frozen(tuner), before = tuner.Trained();

        tuner.Train(Batch, Steps);

        float[] after = tuner.Trained();
        Assert.Equal(frozen, Frozen(tuner));
        foreach (ParameterDescription parameter in trained)
        {
            int start = (int)parameter.Offset, end = start + (int)parameter.Count;
            Assert.False(before[start..end].AsSpan().SequenceEqual(after[start..end]), $"{parameter.Name} did not change.");
        }
    }

    /// <summary>"prompts.keys.2" is "prompts.keys", "head.bias" is "head".</summary>
    private static string WithoutLayer(string name) =>
        name.StartsWith("head.", StringComparison.Ordinal) ? "head" : string.Join('.', name.Split('.').Take(2));

    private static float[] Frozen(Tuner tuner)
    {
        float[] values = new float[tuner.Model.FrozenFloats];
        tuner.Compiled.Read(new(Region.Weights, 0), values);
        return values;
    }
}
