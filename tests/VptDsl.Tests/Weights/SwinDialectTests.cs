using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>A Swin transformer's weights are found under every name that its usual publishers give them.</summary>
public sealed class SwinDialectTests : IDisposable
{
    private static readonly (string Canonical, string Timm, string Torchvision)[] Names =
    [
        ("patch_embed.proj.weight", "patch_embed.proj.weight", "features.0.0.weight"),
        ("patch_embed.norm.bias", "patch_embed.norm.bias", "features.0.2.bias"),
        ("layers.0.blocks.1.norm1.weight", "layers.0.blocks.1.norm1.weight", "features.1.1.norm1.weight"),
        (
            "layers.0.blocks.1.attn.relative_position_bias_table",
            "layers.0.blocks.1.attn.relative_position_bias_table",
            "features.1.1.attn.relative_position_bias_table"),
        ("layers.0.blocks.1.attn.qkv.weight", "layers.0.blocks.1.attn.qkv.weight", "features.1.1.attn.qkv.weight"),
        ("layers.0.blocks.1.mlp.fc1.bias", "layers.0.blocks.1.mlp.fc1.bias", "features.1.1.mlp.0.bias"),
        ("layers.0.blocks.1.mlp.fc2.bias", "layers.0.blocks.1.mlp.fc2.bias", "features.1.1.mlp.3.bias"),
        ("layers.0.downsample.reduction.weight", "layers.1.downsample.reduction.weight", "features.2.reduction.weight"),
        ("layers.1.downsample.norm.weight", "layers.2.downsample.norm.weight", "features.4.norm.weight"),
        ("layers.2.blocks.0.attn.proj.bias", "layers.2.blocks.0.attn.proj.bias", "features.5.0.attn.proj.bias"),
        ("norm.weight", "norm.weight", "norm.weight"),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("timm", "layers.0.blocks.1.attn.relative_position_index", "layers.0.blocks.1.attn_mask", "head.weight")]
    [InlineData("timm Swin", "head.fc.weight")]
    [InlineData("torchvision Swin", "features.1.1.attn.relative_position_index", "head.weight")]
    public void Weights_are_found_and_derived_tensors_ignored(string dialect, params string[] ignored)
    {
        ParameterDescription[] parameters =
        [
            .. Names.Select((n, i) => new ParameterDescription(n.Canonical, [2], ParameterKind.Backbone, false, 2 * i, default)),
        ];
        ModelDescription model = SmallVit.Describe() with { Parameters = [.. parameters] };
        var tensors = Names.Select((n, i) => new TensorToWrite(
            dialect switch { "timm" => n.Canonical, "timm Swin" => n.Timm, _ => n.Torchvision }, [2], [i, -i]));
        SafetensorsWriter.Write(_folder.Path("f"), [.. tensors, .. ignored.Select(name => new TensorToWrite(name, [1], [0]))]);
        var loaded = new Dictionary<string, float[]>();

        WeightReport report = BackboneLoader.Load(
            _folder.Path("f"), model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(dialect, report.Dialect);
        Assert.Equal(ignored.Order(StringComparer.Ordinal), report.Ignored.Order(StringComparer.Ordinal));
        Assert.Equal(Names.Select((n, i) => KeyValuePair.Create<string, float[]>(n.Canonical, [i, -i])).ToDictionary(), loaded);
    }
}
