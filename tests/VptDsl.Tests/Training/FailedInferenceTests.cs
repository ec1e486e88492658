using VptDsl.Devices.Cpu;
using VptDsl.Programs;
using VptDsl.Tests.Tool;
using VptDsl.Tool.Models;

namespace VptDsl.Tests.Training;

/// <summary>Who asks again after an error, for instance with a smaller batch, gets the answer of one who met none.</summary>
public sealed class FailedInferenceTests
{
    [Fact]
    public void An_operation_that_fails_is_not_left_out_of_the_next_batch()
    {
        using Device device = Device.Cpu(1);
        using Tuner tuner = CompiledModel.Of(ModelDeclaration.Parse(
                "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)] [DeepPrompt(Tokens = 3)] "
                    + "[LinearHead(Classes = 4)]"))
            .Load(device, VptProcess.Backbone, entry: null, seed: 3);
        var random = new Random(5);
        float[] first = Image(), second = Image(), expected = tuner.Predict(second);
        tuner.Predict(first);
        var computing = (CpuProgramDevice)((CompiledProgram)tuner.Compiled).Computing;

        computing.AttentionObserver = (in AttentionCall _) => throw new InsufficientMemoryException();
        Assert.Throws<InsufficientMemoryException>(() => tuner.Predict(second));
        computing.AttentionObserver = null;

        Assert.Equal(expected, tuner.Predict(second));

        float[] Image()
        {
            float[] pixels = new float[28 * 28];
            foreach (ref float pixel in pixels.AsSpan())
                pixel = (random.NextSingle() * 2) - 1;
            return pixels;
        }
    }
}
