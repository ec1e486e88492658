using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

public sealed class HuggingFaceDialectTests : IDisposable
{
    private static readonly (string Timm, string HuggingFace)[] BlockNames =
    [
        ("norm1", "layernorm_before"),
        ("attn.proj", "attention.output.dense"),
        ("norm2", "layernorm_after"),
        ("mlp.fc1", "intermediate.dense"),
        ("mlp.fc2", "output.dense"),
    ];

    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "Hugging Face ViT")]
    [InlineData("vit.", "Hugging Face ViT ('vit.')")]
    public void The_same_weights_under_Hugging_Face_names_give_the_same_backbone(string prefix, string dialect)
    {
        var tensors = Renamed(prefix);
        string[] ignored = ["classifier.bias", prefix + "pooler.dense.weight", prefix + "embeddings.mask_token", "decoder.0.weight"];
        tensors.AddRange(ignored.Select(name => new TensorToWrite(name, [1], [0])));
        var loaded = new Dictionary<string, float[]>();
        SafetensorsWriter.Write(_folder.Path("f"), tensors);

        var report = BackboneLoader.Load(_folder.Path("f"), _model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(dialect, report.Dialect);
        Assert.Equal(ignored.Order(StringComparer.Ordinal), report.Ignored.Order(StringComparer.Ordinal));
        Assert.Equal(_model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).ToDictionary(p => p.Name, SmallVit.Values), loaded);
    }

    [Fact]
    public void Differences_are_reported_in_the_files_own_names()
    {
        var tensors = Renamed("vit.");
        tensors.RemoveAll(tensor => tensor.Name == "vit.encoder.layer.1.attention.attention.key.bias");
        tensors.Add(new TensorToWrite("vit.encoder.layer.2.layernorm_before.bias", [4], new float[4]));
        SafetensorsWriter.Write(_folder.Path("f"), tensors);

        var error = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(_folder.Path("f"), _model, (_, _) => { }));

        Assert.Contains("1 missing: vit.encoder.layer.1.attention.attention.key.bias [4]", error.Message);
        Assert.Contains("1 that the model has no place for: \"vit.encoder.layer.2.layernorm_before.bias\"", error.Message);
        Assert.Contains("names are Hugging Face ViT ('vit.')'s", error.Message);
    }

    [Fact]
    public void A_parameter_that_the_naming_does_not_know_is_missing()
    {
        var scale = new ParameterDescription("blocks.0.ls1.gamma", [4], ParameterKind.Backbone, false, _model.FrozenFloats, default);
        SafetensorsWriter.Write(_folder.Path("f"), Renamed(""));

        var error = Assert.Throws<WeightFileException>(
            () => BackboneLoader.Load(_folder.Path("f"), _model with { Parameters = _model.Parameters.Add(scale) }, (_, _) => { }));

        Assert.Contains("1 missing: blocks.0.ls1.gamma", error.Message);
    }

    private List<TensorToWrite> Renamed(string prefix) =>
        [.. SmallVit.Backbone(_model).SelectMany(Rename).Select(tensor => tensor with { Name = prefix + tensor.Name })];

    private static IEnumerable<TensorToWrite> Rename(TensorToWrite tensor)
    {
        string name = tensor.Name
            .Replace("cls_token", "embeddings.cls_token")
            .Replace("pos_embed", "embeddings.position_embeddings")
            .Replace("patch_embed.proj", "embeddings.patch_embeddings.projection")
            .Replace("blocks.", "encoder.layer.");
        name = name.StartsWith("norm.", StringComparison.Ordinal) ? "layer" + name : name;
        name = BlockNames.Aggregate(name, (current, pair) => current.Replace($".{pair.Timm}.", $".{pair.HuggingFace}."));
        if (!name.Contains("attn.qkv"))
        {
            return [tensor with { Name = name }];
        }

        float[] values = tensor.Read().ToArray();
        var shape = tensor.Shape.SetItem(0, tensor.Shape[0] / 3);
        return values.Chunk(values.Length / 3).Zip(
            ["query", "key", "value"],
            (part, projection) => new TensorToWrite(name.Replace("attn.qkv", $"attention.attention.{projection}"), shape, part));
    }
}
