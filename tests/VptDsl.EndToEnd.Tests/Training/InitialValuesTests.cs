using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>What a model starts from, where it is more than a constant or a draw.</summary>
public sealed class InitialValuesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Prompts_start_from_the_class_token_and_differ_a_little(bool fromFile)
    {
        using Device device = Device.Cpu();
        using Tuner drawn = FromClassToken.Create(device, 1);
        float[] token = [.. Enumerable.Range(1, 10).Select(i => 10f * i)];
        Tuner tuner = drawn;
        if (fromFile)
        {
            drawn.Compiled.Write(new(Region.Weights, Parameter(drawn, "cls_token").Offset), token);
            string file = Path.Combine(Path.GetTempPath(), $"vptdsl-class-token-{Environment.ProcessId}.safetensors");
            try
            {
                drawn.SaveBackbone(file);
                tuner = FromClassToken.Load(device, file, 2);
            }
            finally
            {
                File.Delete(file);
            }
        }

        float[] expected = drawn.Compiled.Read(Parameter(tuner, "cls_token")), seen = new float[30];
        for (int layer = 0; layer < 2; layer++)
        {
            float[] prompts = tuner.Compiled.Read(Parameter(tuner, $"prompts.{layer}"));
            float[] deviations = [.. prompts.Select((value, i) => value - expected[i % 10])];
            Assert.All(deviations, deviation => Assert.InRange(deviation, -0.1f, 0.1f));
            Assert.InRange(Math.Sqrt(deviations.Average(d => d * d)), 0.01, 0.03);
            Assert.NotEqual(prompts[..10], prompts[10..20]);
            Assert.NotEqual(seen, prompts);
            seen = prompts;
        }

        tuner.Dispose();
    }

    [Fact]
    public void Sines_and_cosines_are_those_of_the_public_code()
    {
        GoldenCase golden = GoldenCase.Load("moco_linear");
        using Device device = Device.Cpu();
        using Tuner tuner = MocoLinear.Create(device, 1);

        float[] positions = tuner.Compiled.Read(Parameter(tuner, "pos_embed"));

        Assert.InRange(RelativeError.Of(positions, golden.Backbone["pos_embed"].Values), 0, 1e-6);
    }

    private static ParameterDescription Parameter(Tuner tuner, string name) => tuner.Model.Parameters.Single(p => p.Name == name);
}
