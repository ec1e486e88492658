using System.Reflection;
using VptDsl.Programs;

namespace VptDsl.Onnx.Tests;

/// <summary>Every model that the end-to-end tests declare: each family, each scheme of prompts, each head.</summary>
internal static class DeclaredModels
{
    public static TheoryData<string> Names { get; } =
    [
        .. typeof(DeclaredModels).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsNested: false } && type.IsSubclassOf(typeof(Tuner)))
            .Select(type => type.Name).Order(StringComparer.Ordinal),
    ];

    /// <summary>A model whose parameters are all drawn, those too that training would begin with 0 or 1.</summary>
    public static Tuner Create(string name, Device device)
    {
        Type type = typeof(DeclaredModels).Assembly.GetTypes().Single(t => t.Name == name && t.IsSubclassOf(typeof(Tuner)));
        MethodInfo create = type.GetMethod("Create", [typeof(Device), typeof(int)])!;
        var tuner = (Tuner)create.Invoke(null, [device, 1])!;
        DrawAll(tuner);
        return tuner;
    }

    /// <summary>Images between -2 and 2.</summary>
    public static float[] DrawImages(Tuner tuner, int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count * tuner.Model.ImageFloats).Select(_ => (random.NextSingle() * 4) - 2)];
    }

    /// <summary>The logits that the model itself computes.</summary>
    public static float[] Infer(Tuner tuner, float[] images)
    {
        int batch = images.Length / tuner.Model.ImageFloats, labels = batch * tuner.Model.LabelsPerImage;
        tuner.Compiled.SetBatch(images, new int[labels]);
        tuner.Compiled.Infer();
        float[] logits = new float[labels * tuner.TaskClasses];
        tuner.Compiled.ReadLogits(logits);
        return logits;
    }

    /// <summary>What starts at 0 or 1 would hide a product, a sum or an order of elements that is wrong.</summary>
    private static void DrawAll(Tuner tuner)
    {
        var random = new Random(3);
        foreach (ParameterDescription parameter in tuner.Model.Parameters)
        {
            float[] values = tuner.Compiled.Read(parameter);
            bool isVariance = parameter.Name.Contains("var", StringComparison.Ordinal);
            for (int i = 0; i < values.Length; i++)
                values[i] = isVariance ? 0.5f + random.NextSingle() : values[i] + (0.2f * (random.NextSingle() - 0.5f));
            tuner.Compiled.Write(parameter, values);
        }
    }
}
