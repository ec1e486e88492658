using System.Text.Json;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Golden;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.EndToEnd.Tests.Weights;

/// <summary>Low-rank updates leave for other programs as the matrices that those add to their own layers' weights.</summary>
public sealed class LoRAExportTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"vptdsl-lora-{Guid.NewGuid():N}");

    public LoRAExportTests() => Directory.CreateDirectory(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_layer_of_query_key_and_value_gets_the_updates_of_all_in_one()
    {
        using Tuner tuner = Load("vit_lora", backbone: null);

        tuner.ExportLoRA(_folder);

        using JsonDocument configuration = Configuration();
        Assert.Equal(["attn.qkv"], Names(configuration));
        float[] update = UpdateOf("blocks.1.attn.qkv", configuration);
        const int Width = 32;
        float[] query = Expected(tuner, "blocks.1.attn.query"), value = Expected(tuner, "blocks.1.attn.value");
        Assert.True(RelativeError.Of(update.AsSpan(0, Width * Width).ToArray(), query) <= 1e-6);
        Assert.All(update.AsSpan(Width * Width, Width * Width).ToArray(), v => Assert.Equal(0, v));
        Assert.True(RelativeError.Of(update.AsSpan(2 * Width * Width).ToArray(), value) <= 1e-6);
    }

    [Fact]
    public void Layers_apart_get_each_its_own()
    {
        GoldenCase golden = GoldenCase.Load("dinov2_lora");
        string backbone = Path.Combine(_folder, "model.safetensors");
        IWeightDialect names = new HuggingFaceDinoV2Dialect(hasRegisters: false, isGated: false);
        SafetensorsWriter.Write(backbone, golden.Backbone.SelectMany(entry => Parts(names, entry.Key, entry.Value)));
        using Tuner tuner = Load("dinov2_lora", backbone);

        tuner.ExportLoRA(_folder);

        using JsonDocument configuration = Configuration();
        Assert.Equal(["attention.attention.query", "attention.attention.value"], Names(configuration));
        Assert.Equal((3, 6.0), (configuration.RootElement.GetProperty("r").GetInt32(), Alpha(configuration)));
        Assert.True(RelativeError.Of(
            UpdateOf("encoder.layer.0.attention.attention.value", configuration), Expected(tuner, "blocks.0.attn.value")) <= 1e-6);
    }

    [Fact]
    public void Without_updates_there_is_nothing_to_export()
    {
        using Tuner tuner = Load("vit_bias_later", backbone: null);

        string message = Assert.Throws<InvalidOperationException>(() => tuner.ExportLoRA(_folder)).Message;

        Assert.Contains("[LoRA]", message, StringComparison.Ordinal);
    }

    private static IEnumerable<TensorToWrite> Parts(IWeightDialect names, string name, GoldenTensor tensor)
    {
        var parameter = new ParameterDescription(name, [.. tensor.Shape], ParameterKind.Backbone, Trained: false, Offset: 0, default);
        int start = 0;
        foreach (TensorPart part in names.Parts(parameter))
        {
            yield return new(part.Tensor, part.Shape, tensor.Values.AsSpan(start, (int)part.Count).ToArray());
            start += (int)part.Count;
        }
    }

    private static Tuner Load(string name, string? backbone)
    {
        GoldenCase golden = GoldenCase.Load(name);
        Tuner tuner = GoldenModels.Load(name, Device.Cpu(threads: 1), backbone ?? golden.BackboneFile);
        foreach (ParameterDescription parameter in tuner.Model.Parameters.Where(p => golden.Task.ContainsKey(p.Name)))
            tuner.Compiled.Write(new(parameter.Region, parameter.Offset), golden.Task[parameter.Name].Values);
        return tuner;
    }

    private static string[] Names(JsonDocument configuration) =>
        [.. configuration.RootElement.GetProperty("target_modules").EnumerateArray().Select(name => name.GetString()!).Order()];

    private static double Alpha(JsonDocument configuration) => configuration.RootElement.GetProperty("lora_alpha").GetDouble();

    /// <summary>What is added to a weight by the files alone: alpha / rank · B · A.</summary>
    private float[] UpdateOf(string module, JsonDocument configuration)
    {
        using var file = SafetensorsFile.Open(Path.Combine(_folder, "adapter_model.safetensors"));
        float[] down = file.ReadFloats($"base_model.model.{module}.lora_A.weight"),
            up = file.ReadFloats($"base_model.model.{module}.lora_B.weight");
        return Product(up, down, configuration.RootElement.GetProperty("r").GetInt32(), Alpha(configuration));
    }

    private static float[] Expected(Tuner tuner, string layer)
    {
        float[] Read(string name) => tuner.Compiled.Read(tuner.Model.Parameters.Single(p => p.Name == layer + name));

        return Product(Read(".lora_B.weight"), Read(".lora_A.weight"), rank: 3, alpha: 6);
    }

    private static float[] Product(float[] up, float[] down, int rank, double alpha)
    {
        int outputs = up.Length / rank, inputs = down.Length / rank;
        float[] product = new float[outputs * inputs];
        for (int i = 0; i < product.Length; i++)
        {
            int row = i / inputs, column = i % inputs;
            double sum = Enumerable.Range(0, rank).Sum(k => (double)up[(row * rank) + k] * down[(k * inputs) + column]);
            product[i] = (float)(alpha / rank * sum);
        }

        return product;
    }

    private JsonDocument Configuration() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "adapter_config.json")));
}
