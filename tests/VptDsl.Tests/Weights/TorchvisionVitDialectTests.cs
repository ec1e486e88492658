using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Inspection;

namespace VptDsl.Tests.Weights;

/// <summary>torchvision's vision transformers load, as they are saved today and as they once were.</summary>
public sealed class TorchvisionVitDialectTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "mlp.0", "mlp.3")]
    [InlineData("", "mlp.linear_1", "mlp.linear_2")]
    [InlineData("module.", "mlp.0", "mlp.3")]
    public void Its_names_give_the_same_backbone(string prefix, string expand, string contract)
    {
        List<TensorToWrite> tensors =
        [
            .. SmallVit.Backbone(_model).Select(t => t with { Name = prefix + Renamed(t.Name, expand, contract) }),
        ];
        tensors.Add(new TensorToWrite(prefix + "heads.head.weight", [1], [0]));
        string path = _folder.Path("vit.safetensors");
        SafetensorsWriter.Write(path, tensors);
        var loaded = new Dictionary<string, float[]>();

        WeightReport report = BackboneLoader.Load(path, _model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.StartsWith("torchvision ViT", report.Dialect, StringComparison.Ordinal);
        Assert.Equal(prefix + "heads.head.weight", Assert.Single(report.Ignored));
        Assert.Equal(_model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).ToDictionary(p => p.Name, SmallVit.Values), loaded);
        Assert.Equal("[Vit(Width = 4, Layers = 2, Heads = ?, Patch = 2, Image = 4)]", CheckpointInspector.Describe(path).Attribute);
    }

    private static string Renamed(string name, string expand, string contract)
    {
        (string Timm, string Torchvision)[] pairs =
        [
            ("cls_token", "class_token"), ("pos_embed", "encoder.pos_embedding"), ("patch_embed.proj", "conv_proj"),
            ("blocks.", "encoder.layers.encoder_layer_"), (".norm1", ".ln_1"), (".norm2", ".ln_2"),
            (".attn.qkv.", ".self_attention.in_proj_"),
            (".attn.proj", ".self_attention.out_proj"), (".mlp.fc1", $".{expand}"), (".mlp.fc2", $".{contract}"),
        ];
        string renamed = pairs.Aggregate(name, (current, pair) => current.Replace(pair.Timm, pair.Torchvision, StringComparison.Ordinal));
        return renamed.StartsWith("norm.", StringComparison.Ordinal) ? $"encoder.ln{renamed[4..]}" : renamed;
    }
}
