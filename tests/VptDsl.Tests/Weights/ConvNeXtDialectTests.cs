using System.Collections.Immutable;
using VptDsl.Inspection;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tests.Weights;

/// <summary>ConvNeXt's weights load under the names of its authors, timm and torchvision.</summary>
public sealed class ConvNeXtDialectTests : IDisposable
{
    private static readonly (string Ours, string Timm, string Torchvision)[] Names =
    [
        ("downsample_layers.0.0.weight", "stem.0.weight", "features.0.0.weight"),
        ("downsample_layers.0.1.bias", "stem.1.bias", "features.0.1.bias"),
        ("downsample_layers.3.0.weight", "stages.3.downsample.0.weight", "features.6.0.weight"),
        ("stages.1.2.gamma", "stages.1.blocks.2.gamma", "features.3.2.layer_scale"),
        ("stages.1.2.dwconv.bias", "stages.1.blocks.2.conv_dw.bias", "features.3.2.block.0.bias"),
        ("stages.2.0.norm.weight", "stages.2.blocks.0.norm.weight", "features.5.0.block.2.weight"),
        ("stages.2.11.pwconv1.weight", "stages.2.blocks.11.mlp.fc1.weight", "features.5.11.block.3.weight"),
        ("stages.2.11.pwconv2.bias", "stages.2.blocks.11.mlp.fc2.bias", "features.5.11.block.5.bias"),
        ("norm.weight", "head.norm.weight", "classifier.0.weight"),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("timm", "head.weight", "head.bias")]
    [InlineData("timm ConvNeXt", "head.fc.weight", "head.fc.bias")]
    [InlineData("torchvision ConvNeXt", "classifier.2.weight", "classifier.2.bias")]
    public void The_same_weights_under_other_names_give_the_same_backbone(string dialect, params string[] ignored)
    {
        ModelDescription model = Describe();
        List<TensorToWrite> tensors =
        [
            .. Names.Select((n, i) => new TensorToWrite(Named(n, dialect), Shape(n.Ours, dialect), new float[] { i, i + 0.5f })),
            .. ignored.Select(name => new TensorToWrite(name, [1], [0])),
        ];
        SafetensorsWriter.Write(_folder.Path("f"), tensors);
        var loaded = new Dictionary<string, float[]>();

        WeightReport report = BackboneLoader.Load(
            _folder.Path("f"), model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(dialect, report.Dialect);
        Assert.Equal(ignored.Order(StringComparer.Ordinal), report.Ignored.Order(StringComparer.Ordinal));
        Assert.Equal(Names.Select((n, i) => KeyValuePair.Create(n.Ours, new float[] { i, i + 0.5f })).ToDictionary(), loaded);
    }

    /// <summary>timm's smaller sizes keep channels first in their MLPs: the same elements, as convolutions of single pixels.</summary>
    [Fact]
    public void Matrices_that_are_stored_as_convolutions_of_single_pixels_are_matrices()
    {
        var sketch = new ConvNeXtSketch([1, 1, 1, 1], [2, 3, 4, 5], Channels: 3);
        ParameterDescription[] parameters = [.. sketch.Parameters()];
        var dialect = new TimmConvNeXtDialect();
        SafetensorsWriter.Write(
            _folder.Path("f"),
            parameters.Select(p => new TensorToWrite(
                dialect.Parts(p).Single().Tensor, p.Shape.Length == 2 ? [.. p.Shape, 1, 1] : p.Shape, SmallVit.Values(p))));
        var loaded = new Dictionary<string, float[]>();

        BackboneLoader.Load(
            _folder.Path("f"), Describe() with { Parameters = [.. parameters] },
            (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(parameters.ToDictionary(p => p.Name, SmallVit.Values), loaded);
        CheckpointDescription description = CheckpointInspector.Describe(_folder.Path("f"));
        Assert.Equal((sketch.Attribute, null), (description.Attribute, description.Problem));
    }

    [Fact]
    public void ResNets_classifier_and_counts_of_batches_are_ignored()
    {
        var norm = new ParameterDescription("bn1.running_var", [2], ParameterKind.Backbone, false, 0, default);
        ModelDescription model = Describe() with { Parameters = [norm] };
        SafetensorsWriter.Write(
            _folder.Path("f"),
            [
                new("bn1.running_var", [2], [1, 2]),
                new("bn1.num_batches_tracked", [1], [5]),
                new("fc.weight", [1], [0]),
                new("fc.bias", [1], [0]),
            ]);

        WeightReport report = BackboneLoader.Load(_folder.Path("f"), model, (_, _) => { });

        Assert.Equal(["bn1.num_batches_tracked", "fc.bias", "fc.weight"], report.Ignored.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_MoCo_v2_the_encoder_of_queries_loads_and_its_copy_and_the_queue_are_ignored()
    {
        var norm = new ParameterDescription("layer1.0.bn1.running_var", [2], ParameterKind.Backbone, false, 0, default);
        ModelDescription model = Describe() with { Parameters = [norm] };
        string[] ignored =
        [
            "module.encoder_k.layer1.0.bn1.running_var",
            "module.encoder_q.fc.0.weight",
            "module.encoder_q.fc.2.bias",
            "module.queue",
        ];
        SafetensorsWriter.Write(
            _folder.Path("f"),
            [
                new("module.encoder_q.layer1.0.bn1.running_var", [2], [1, 2]),
                .. ignored.Select(name => new TensorToWrite(name, [2], [0, 0])),
            ]);
        float[] loaded = [];

        WeightReport report = BackboneLoader.Load(_folder.Path("f"), model, (_, values) => loaded = values.ToArray());

        Assert.Equal([1, 2], loaded);
        Assert.Equal("timm ('module.encoder_q.')", report.Dialect);
        Assert.Equal(ignored, report.Ignored.Order(StringComparer.Ordinal));
        Assert.Equal(CheckpointKind.Other, report.Kind);
    }

    private static ModelDescription Describe() => SmallVit.Describe() with
    {
        Declaration = "convnext(…)",
        Parameters = [.. Names.Select((n, i) => new ParameterDescription(n.Ours, [2], ParameterKind.Backbone, false, 2 * i, default))],
    };

    private static string Named((string Ours, string Timm, string Torchvision) names, string dialect) => dialect switch
    {
        "timm" => names.Ours,
        "timm ConvNeXt" => names.Timm,
        _ => names.Torchvision,
    };

    private static ImmutableArray<int> Shape(string name, string dialect) =>
        name.EndsWith(".gamma", StringComparison.Ordinal) && dialect.StartsWith("torchvision", StringComparison.Ordinal) ? [2, 1, 1] : [2];
}
