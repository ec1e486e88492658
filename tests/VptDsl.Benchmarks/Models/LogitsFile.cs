using System.Collections.Immutable;
using VptDsl.Devices.Cpu;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Benchmarks.Models;

/// <summary>Writes what another implementation needs to compute a model's logits, and the logits.</summary>
internal static class LogitsFile
{
    /// <summary>
    /// Runs in a child process. Every parameter that is not computed is drawn so that it matters: fresh prompts and heads, and the scales
    /// of fresh ConvNeXt blocks, are almost nothing.
    /// </summary>
    /// <param name="assembly">The compiled model.</param>
    /// <param name="batch">Images.</param>
    /// <param name="path">The file to write: parameters by their names, <c>images</c> and <c>logits</c>.</param>
    public static void Write(string assembly, int batch, string path)
    {
        using var device = new CpuDevice(Environment.ProcessorCount);
        using Tuner tuner = ModelAssembly.Create(assembly, device);
        ModelDescription model = tuner.Model;
        var random = new Random(1);
        foreach (ParameterDescription parameter in model.Parameters.Where(p => p.Kind != ParameterKind.Computed))
            tuner.Compiled.Write(parameter, Draw(parameter, random));

        float[] images = Uniform(random, batch * model.ImageFloats, 0, 2), logits = new float[batch * model.Classes];
        tuner.Compiled.SetBatch(images, new int[batch]);
        tuner.Compiled.Infer();
        tuner.Compiled.ReadLogits(logits);
        SafetensorsWriter.Write(
            path,
            [
                .. model.Parameters.Select(p => new TensorToWrite(p.Name, p.Shape, () => tuner.Compiled.Read(p))),
                new("images", [batch, model.Channels, model.ImageSize.Height, model.ImageSize.Width], images),
                new("logits", [batch, model.Classes], logits),
            ]);
    }

    /// <summary>Scales around 1, weights that keep the size of what they multiply, the rest around 0.</summary>
    private static float[] Draw(ParameterDescription parameter, Random random)
    {
        ImmutableArray<int> shape = parameter.Shape;
        bool isScale = shape.Length == 1 && !parameter.Name.EndsWith("bias", StringComparison.Ordinal);
        bool isWeight = shape.Length > 1 && parameter.Name.EndsWith("weight", StringComparison.Ordinal);
        return Uniform(random, parameter.Count, isScale ? 1 : 0, isWeight ? Math.Sqrt(3.0 * shape[0] / parameter.Count) : 0.5);
    }

    private static float[] Uniform(Random random, long count, double middle, double width)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = (float)(middle + (width * ((2 * random.NextDouble()) - 1)));
        return values;
    }
}
