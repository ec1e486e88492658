using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tests.Weights;

public sealed class BackboneLoaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe();
    private readonly Dictionary<string, float[]> _loaded = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_backbone_parameter_is_delivered_and_nothing_else()
    {
        var report = Load(SmallVit.Backbone(_model));

        var backbone = _model.Parameters.Where(parameter => parameter.Kind == ParameterKind.Backbone).ToList();
        Assert.Equal(backbone.ToDictionary(parameter => parameter.Name, SmallVit.Values), _loaded);
        Assert.Equal("timm", report.Dialect);
        Assert.Equal(backbone.Count, report.Loaded);
        Assert.Empty(report.Ignored);
    }

    [Fact]
    public void A_checkpoint_of_the_reference_implementation_loads()
    {
        var model = SmallVit.Describe(width: 32, layers: 3, patch: 8, image: 32);
        string path = RawSafetensors.Data("vit_linear.weights.safetensors");

        var report = BackboneLoader.Load(path, model, (parameter, values) => _loaded[parameter.Name] = values.ToArray());

        Assert.Equal(42, report.Loaded);
        Assert.Equal(0.11304493248462677f, _loaded["blocks.1.attn.qkv.weight"][0]);
        Assert.Equal(0.7510364651679993f, _loaded["cls_token"][^1]);
    }

    [Fact]
    public void The_checkpoints_own_classifier_is_ignored_and_reported()
    {
        var tensors = SmallVit.Backbone(_model);
        string[] heads = ["fc_norm.bias", "head.bias", "head.weight", "head_dist.bias", "pre_logits.fc.bias"];
        tensors.AddRange(heads.Select(name => new TensorToWrite(name, [1], [0])));

        var report = Load(tensors);

        Assert.Equal(heads, report.Ignored.Order(StringComparer.Ordinal));
        Assert.Contains("\"head.weight\"", report.ToString());
    }

    [Fact]
    public void A_norm_that_the_model_declares_is_loaded_although_others_ignore_it()
    {
        var norm = new ParameterDescription("fc_norm.weight", [4], ParameterKind.Backbone, false, _model.FrozenFloats, default);
        var model = _model with { Parameters = _model.Parameters.Add(norm) };

        var report = Load(SmallVit.Backbone(model), model);

        Assert.Empty(report.Ignored);
        Assert.Equal(SmallVit.Values(norm), _loaded["fc_norm.weight"]);
    }

    [Fact]
    public void Trained_backbone_parameters_come_from_the_file_too()
    {
        var model = SmallVit.Describe(trainedToo: "norm.bias");

        Load(SmallVit.Backbone(model), model);

        Assert.Contains("norm.bias", _loaded);
    }

    [Fact]
    public void Missing_extra_and_misshaped_tensors_are_all_in_one_error()
    {
        var tensors = SmallVit.Backbone(_model);
        tensors.RemoveAll(tensor => tensor.Name is "cls_token" or "blocks.1.mlp.fc1.bias");
        Replace(tensors, "pos_embed", [1, 11, 4]);
        Replace(tensors, "norm.bias", [4, 1]);
        tensors.Add(new TensorToWrite("blocks.2.norm1.bias", [4], new float[4]));
        tensors.Add(new TensorToWrite("heads", [1], [0]));

        var error = Assert.Throws<WeightFileException>(() => Load(tensors));

        Assert.Contains("2 missing: cls_token [1, 1, 4], blocks.1.mlp.fc1.bias [16]", error.Message);
        Assert.Contains(
            "2 of another shape: pos_embed is [1, 11, 4] in the file, [1, 5, 4] in the model, norm.bias is [4, 1] in the file, "
                + "[4] in the model",
            error.Message);
        Assert.Contains("2 that the model has no place for: \"blocks.2.norm1.bias\" [4], \"heads\" [1]", error.Message);
        Assert.Contains(_model.Declaration, error.Message);
        Assert.Empty(_loaded);
    }

    [Fact]
    public void Long_lists_are_cut_after_20_and_counted()
    {
        var deeper = SmallVit.Describe(layers: 4);

        var error = Assert.Throws<WeightFileException>(() => Load(SmallVit.Backbone(_model), deeper));

        Assert.Contains("24 missing: blocks.2.norm1.weight [4]", error.Message);
        Assert.Contains("blocks.3.norm2.bias [4], and 4 more", error.Message);
        Assert.DoesNotContain("blocks.3.mlp", error.Message);
    }

    [Fact]
    public void Shapes_may_differ_by_leading_ones()
    {
        var tensors = SmallVit.Backbone(_model);
        Replace(tensors, "cls_token", [4]);
        Replace(tensors, "pos_embed", [5, 4]);
        Replace(tensors, "norm.bias", [1, 1, 4]);

        Assert.Equal(_model.Parameters.Count(parameter => parameter.Kind == ParameterKind.Backbone), Load(tensors).Loaded);
    }

    [Fact]
    public void A_tensor_of_integers_where_floats_belong_is_in_the_error()
    {
        const string Header = """{"w":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""";
        var weight = new ParameterDescription("w", [1], ParameterKind.Backbone, false, 0, default);
        string path = _folder.Write("f", RawSafetensors.Build(Header, new byte[4]));

        var error =
            Assert.Throws<WeightFileException>(() => BackboneLoader.Load(path, _model with { Parameters = [weight] }, (_, _) => { }));

        Assert.Contains("1 of a type that is not read (16-, 32- and 64-bit floats are): w is \"I32\"", error.Message);
    }

    [Fact]
    public void A_file_in_no_known_naming_is_told_with_its_first_names()
    {
        var error = Assert.Throws<WeightFileException>(() => Load([new TensorToWrite("layer1.0.conv1.weight", [1], [0])]));

        Assert.Contains("none of the model's parameters", error.Message);
        Assert.Contains("timm, Hugging Face ViT", error.Message);
        Assert.Contains("\"layer1.0.conv1.weight\"", error.Message);
    }

    [Fact]
    public void A_dialect_can_store_a_tensor_in_another_order()
    {
        var weight = new ParameterDescription("w", [2, 3], ParameterKind.Backbone, false, 0, default);
        var model = _model with { Parameters = [weight] };
        string path = _folder.Path("f");
        SafetensorsWriter.Write(path, [new TensorToWrite("kernel", [3, 2], [1, 4, 2, 5, 3, 6])]);

        BackboneLoader.Load(path, model, (parameter, values) => _loaded[parameter.Name] = values.ToArray(), [new Transposing()]);

        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], _loaded["w"]);
    }

    private static void Replace(List<TensorToWrite> tensors, string name, ImmutableArray<int> shape)
    {
        int index = tensors.FindIndex(tensor => tensor.Name == name);
        tensors[index] = new TensorToWrite(name, shape, new float[shape.Aggregate(1, (a, b) => a * b)]);
    }

    private WeightReport Load(List<TensorToWrite> tensors, ModelDescription? model = null)
    {
        string path = _folder.Path("backbone.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return BackboneLoader.Load(path, model ?? _model, (parameter, values) => _loaded.Add(parameter.Name, values.ToArray()));
    }

    private sealed class Transposing : IWeightDialect
    {
        public string Name => "transposing";

        public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
        {
            (int rows, int columns) = (parameter.Shape[0], parameter.Shape[1]);
            void Transpose(ReadOnlySpan<float> stored, Span<float> rearranged)
            {
                for (int i = 0; i < rearranged.Length; i++)
                {
                    rearranged[i] = stored[(i % columns * rows) + (i / columns)];
                }
            }

            return [new TensorPart("kernel", [columns, rows]) { Rearrange = Transpose }];
        }

        public bool Ignores(string tensor) => false;
    }
}
