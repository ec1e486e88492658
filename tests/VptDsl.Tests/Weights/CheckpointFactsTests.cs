using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Inspection;

namespace VptDsl.Tests.Weights;

/// <summary>How images must be normalised and what else tensors do not tell is read where it was said, and never guessed.</summary>
public sealed class CheckpointFactsTests : IDisposable
{
    private const string Preprocessor = "preprocessor_config.json", Config = "config.json";

    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe() with { Traits = new BackboneTraits([2], 1e-6, "gelu") };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_nothing_is_said_nothing_is_known()
    {
        CheckpointFacts facts = Load().Facts;

        Assert.Equal(new CheckpointFacts(), facts with { Remarks = [] });
        Assert.Empty(facts.Remarks);
        Assert.Equal("nothing is said of it", facts.ToString());
    }

    [Theory]
    [InlineData(
        Preprocessor,
        """{"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "size": 224}""",
        "0.485 0.456 0.406 / 0.229 0.224 0.225")]
    [InlineData(Preprocessor, """{"image_mean": 0.25, "image_std": 0.75}""", "0.25 / 0.75")]
    [InlineData(Preprocessor, """{"do_normalize": false, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""", "0 0 0 / 1 1 1")]
    [InlineData(
        Preprocessor,
        """{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "do_rescale": true, "rescale_factor": 0.00392156862745098}""",
        "0.5 0.5 0.5 / 0.5 0.5 0.5")]
    [InlineData(
        Preprocessor,
        """{"image_mean": [1, 1, 1], "image_std": [2, 2, 2], "rescale_factor": 0.00784313725490196}""",
        "0.5 0.5 0.5 / 1 1 1")]
    [InlineData(Preprocessor, """{"image_mean": [51, 51, 51], "image_std": [255, 255, 255], "do_rescale": false}""", "0.2 0.2 0.2 / 1 1 1")]
    [InlineData(
        "processor_config.json",
        """{"image_processor": {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]}}""",
        "0.5 0.5 0.5 / 0.25 0.25 0.25")]
    [InlineData(
        Config,
        """{"architecture": "vit", "pretrained_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}}""",
        "0.5 0.5 0.5 / 0.5 0.5 0.5")]
    [InlineData(Config, """{"architecture": "vit", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}""", "0.5 0.5 0.5 / 0.5 0.5 0.5")]
    public void A_normalisation_is_read_with_where_it_is_said(string file, string json, string expected)
    {
        Beside(file, json);

        Assert.Equal($"{expected} ({file})", Load().Facts.Normalization!.ToString());
        Assert.Equal($"{expected} ({file})", CheckpointInspector.Describe(Weights).Facts.Normalization!.ToString());
    }

    [Theory]
    [InlineData(Preprocessor, """{"size": 384, "resample": 3}""", 384, "bicubic")]
    [InlineData(Preprocessor, """{"size": {"height": 384, "width": 384}, "resample": 2}""", 384, "bilinear")]
    [InlineData(
        Preprocessor, """{"size": {"shortest_edge": 256}, "crop_size": {"height": 224, "width": 224}, "resample": 0}""", 224, "nearest")]
    [InlineData(Preprocessor, """{"size": {"shortest_edge": 256}, "crop_size": 224, "do_center_crop": false}""", 256, null)]
    [InlineData(
        Config, """{"architecture": "vit", "pretrained_cfg": {"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9}}""",
        224, "bicubic")]
    [InlineData(Config, """{"model_type": "vit", "image_size": 224}""", 224, null)]
    public void So_are_the_images_size_and_how_it_was_reached(string file, string json, int size, string? interpolation)
    {
        Beside(file, json);

        CheckpointFacts facts = Load().Facts;

        Assert.Equal(new Stated<PlaneSize>(size, file), facts.ImageSize);
        Assert.Equal(interpolation, facts.Interpolation?.Value);
    }

    [Theory]
    [InlineData(Preprocessor, """{"size": {"height": 144, "width": 256}}""")]
    [InlineData(Config, """{"architecture": "vit", "pretrained_cfg": {"input_size": [3, 144, 256]}}""")]
    [InlineData(Config, """{"model_type": "vit", "image_size": [144, 256]}""")]
    public void Images_may_be_no_squares(string file, string json)
    {
        Beside(file, json);

        Assert.Equal(new Stated<PlaneSize>(new(144, 256), file), Load().Facts.ImageSize);
    }

    [Theory]
    [InlineData("""{"num_attention_heads": 2, "hidden_size": 4, "hidden_act": "gelu", "layer_norm_eps": 1e-06}""")]
    [InlineData("""{"architecture": "vit", "model_args": {"num_heads": 2, "embed_dim": 4, "patch_size": 2}}""")]
    [InlineData("""{"vision_config": {"num_attention_heads": 2}}""")]
    public void Heads_complete_the_declaration(string json)
    {
        Beside(Config, json);

        CheckpointDescription description = CheckpointInspector.Describe(Save());

        Assert.Equal("[Vit(Width = 4, Layers = 2, Heads = 2, Patch = 2, Image = 4)]", description.Attribute);
        Assert.Null(description.Backbone!.Guessed);
        Assert.Empty(Load().Facts.Remarks);
    }

    [Fact]
    public void Heads_that_cannot_be_declared_are_a_problem()
    {
        Beside(Config, """{"num_attention_heads": 3}""");

        Assert.Equal("3 heads do not divide the width 4", CheckpointInspector.Describe(Save()).Problem);
    }

    [Theory]
    [InlineData("""{"num_attention_heads": 4}""", "4 attention heads (config.json), but Small has 2. Declare Heads = 4")]
    [InlineData("""{"hidden_act": "quick_gelu"}""", "the activation \"quick_gelu\" (config.json), but Small has gelu")]
    [InlineData("""{"layer_norm_eps": 0.001}""", "an epsilon of 0.001 (config.json), but Small has 1E-06")]
    public void What_contradicts_the_declaration_is_an_error(string json, string problem)
    {
        Beside(Config, json);

        Assert.Contains(problem, Assert.Throws<WeightFileException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_declaration_can_have_is_found_by_an_inspection()
    {
        Beside(Config, """{"hidden_act": "mish"}""");

        Assert.Contains("the activation \"mish\" (config.json)", CheckpointInspector.Describe(Save()).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hidden_act": "quick_gelu"}""", ", Activation = ActivationKind.QuickGelu)]")]
    [InlineData("""{"layer_norm_eps": 0.001}""", ", Epsilon = 0.001)]")]
    public void What_a_declaration_can_have_is_told_by_an_inspection(string json, string argument)
    {
        Beside(Config, json);

        CheckpointDescription description = CheckpointInspector.Describe(Save());

        Assert.EndsWith(argument, description.Attribute, StringComparison.Ordinal);
        Assert.Null(description.Problem);
    }

    [Theory]
    [InlineData("gelu", "gelu_fast", true)]
    [InlineData("gelu", "gelu_python", false)]
    [InlineData("gelu_pytorch_tanh", "gelu", true)]
    [InlineData("gelu_pytorch_tanh", "gelu_fast", false)]
    public void GELU_and_its_approximation_pass_for_each_other(string declared, string said, bool isRemarked)
    {
        Beside(Config, $$"""{"hidden_act": "{{said}}"}""");
        ModelDescription model = _model with { Traits = new BackboneTraits([2], 1e-6, declared) };

        Assert.Equal(isRemarked, BackboneLoader.Load(Save(), model, (_, _) => { }).Facts.Remarks.Length > 0);
    }

    /// <summary>Facebook's ViT-Small of MoCo v3 has twice the heads of anybody else's, which no shape tells.</summary>
    [Theory]
    [InlineData(384, 6, true)]
    [InlineData(384, 12, false)]
    [InlineData(192, 3, false)]
    public void MoCo_v3s_small_vision_transformer_has_twelve_heads(int width, int declared, bool isRefused)
    {
        ModelDescription model = SmallVit.Describe(width) with { Traits = new BackboneTraits([declared], 1e-6, "gelu") };
        SafetensorsWriter.Write(Weights, SmallVit.Backbone(model).Select(t => t with { Name = "module.base_encoder." + t.Name }));

        Exception? refused = Record.Exception(() => BackboneLoader.Load(Weights, model, (_, _) => { }));

        Assert.Equal(isRefused, refused is not null);
        if (refused is not null)
        {
            Assert.Contains(
                "12 attention heads (its names are MoCo v3's, whose ViT-Small has as many)", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Heads = 12", CheckpointInspector.Describe(Weights).Attribute, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"layer_norm_eps": 1e-12}""", "The epsilon of normalisations is 1E-06 here and 1E-12 (config.json)")]
    [InlineData("""{"hidden_act": "gelu_pytorch_tanh"}""", "The activation is gelu here and gelu_pytorch_tanh (config.json)")]
    public void What_differs_in_the_last_digits_is_a_remark(string json, string remark)
    {
        Beside(Config, json);

        Assert.StartsWith(remark, Assert.Single(Load().Facts.Remarks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hidden_size": 768, "num_attention_heads": 12}""", "a width of 768")]
    [InlineData("""{"architecture": "resnet50", "num_features": 2048}""", "a width of 2048")]
    [InlineData("""{"patch_size": 16}""", "patches of 16 pixels")]
    public void Files_of_another_model_are_passed_over_with_a_word(string json, string why)
    {
        Beside(Config, json);
        Beside(Preprocessor, """{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""");

        CheckpointFacts facts = Load().Facts;

        Assert.Null(facts.Normalization);
        Assert.Contains(why, Assert.Single(facts.Remarks), StringComparison.Ordinal);
        Assert.Contains(
            "what its folder has of preprocessor_config.json and config.json is about another model",
            facts.Remarks[0],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("""{"name": "something else", "mean": "arithmetic"}""")]
    [InlineData("""{"image_mean": null, "image_std": null, "num_attention_heads": null}""")]
    public void A_file_that_says_nothing_changes_nothing(string json)
    {
        Beside(Config, json);

        Assert.Equal("nothing is said of it", Load().Facts.ToString());
    }

    [Theory]
    [InlineData("Entry not found", "is not valid JSON")]
    [InlineData("", "is not valid JSON")]
    [InlineData("""{"image_mean": [0.5, NaN, 0.5]}""", "is not valid JSON")]
    [InlineData("""{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5]}""", "its mean and deviation are no normalisation")]
    [InlineData("""{"image_mean": [0.5], "image_std": [0]}""", "The deviation of channel 0 is 0")]
    [InlineData("""{"image_mean": ["a"], "image_std": [1]}""", "which is no number")]
    [InlineData("""{"num_attention_heads": "many"}""", "its num_attention_heads is")]
    [InlineData("""{"layer_norm_eps": -1}""", "its layer_norm_eps is")]
    [InlineData("""{"hidden_act": "\ud800"}""", "is not valid JSON")]
    [InlineData("""{"size": [{"\udc00": 1}]}""", "is not valid JSON")]
    public void A_file_that_makes_no_sense_is_named(string json, string problem)
    {
        Beside(Preprocessor, json);

        WeightFileException refused = Assert.Throws<WeightFileException>(Load);

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.Path(Preprocessor), refused.FilePath);
    }

    [Fact]
    public void Of_two_that_disagree_one_is_taken_with_a_word()
    {
        Beside(Preprocessor, """{"image_mean": [0.5], "image_std": [0.5]}""");
        Beside(Config, """{"architecture": "vit", "mean": [0.25], "std": [0.5]}""");

        CheckpointFacts facts = Load().Facts;

        Assert.Equal("0.5 / 0.5 (preprocessor_config.json)", facts.Normalization!.ToString());
        Assert.Equal(
            "The normalisation is 0.5 / 0.5 (preprocessor_config.json), not 0.25 / 0.5 (config.json).", Assert.Single(facts.Remarks));
    }

    [Fact]
    public void What_was_saved_with_a_backbone_is_read_back()
    {
        CheckpointFacts facts = Load(BackboneMetadata.Write(_model, new Normalization(0.286f, 0.353f))).Facts;

        Assert.Equal(
            "normalisation 0.286 / 0.353 (metadata), image size 4 (metadata), heads 2 (metadata), epsilon 1E-06 (metadata), "
                + "activation gelu (metadata)",
            facts.ToString());
        Assert.Equal("[Vit(Width = 4, Layers = 2, Heads = 2, Patch = 2, Image = 4)]", CheckpointInspector.Describe(Weights).Attribute);
    }

    [Fact]
    public void What_was_saved_contradicts_another_declaration()
    {
        Dictionary<string, string> metadata = BackboneMetadata.Write(
            _model with { Traits = _model.Traits! with { Heads = [1] } }, normalization: null);

        Assert.Contains(
            "1 attention heads (metadata), but Small has 2",
            Assert.Throws<WeightFileException>(() => Load(metadata)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normalization", "0.5")]
    [InlineData("heads", "two")]
    [InlineData("heads", "0")]
    [InlineData("image_size", "0")]
    [InlineData("version", "2")]
    public void Metadata_of_ours_that_cannot_be_read_are_an_error(string key, string value)
    {
        Dictionary<string, string> metadata = BackboneMetadata.Write(_model, Normalization.ImageNet);
        metadata[key] = value;

        Assert.Contains(Quoted.Name(value), Assert.Throws<WeightFileException>(() => Load(metadata)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_of_ours_that_changed_since_it_was_saved_is_an_error()
    {
        ContentHash.Write(Weights, [.. SmallVit.Backbone(_model)], BackboneMetadata.Write(_model, normalization: null));
        Assert.NotNull(BackboneLoader.Load(Weights, _model, (_, _) => { }));
        byte[] damaged = File.ReadAllBytes(Weights);
        damaged[^1] ^= 1;
        File.WriteAllBytes(Weights, damaged);

        var refused = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(Weights, _model, (_, _) => { }));
        Assert.Contains("take sha256 out of its metadata", refused.Message, StringComparison.Ordinal);
        Assert.Throws<WeightFileException>(() => CheckpointInspector.Describe(Weights));
    }

    [Fact]
    public void Metadata_of_others_say_nothing() =>
        Assert.Equal("nothing is said of it", Load(new Dictionary<string, string> { ["format"] = "pt", ["heads"] = "7" }).Facts.ToString());

    [Fact]
    public void Heads_that_a_file_keeps_as_an_axis_contradict_a_declaration_too()
    {
        ModelDescription model = SmallVit.Describe(width: 24, patch: 8, image: 24) with { Traits = new BackboneTraits([4], 1e-6, "gelu") };

        WeightFileException refused = Assert.Throws<WeightFileException>(
            () => BackboneLoader.Load(GoldenFiles.Path("jax_vit.npz"), model, (_, _) => { }));

        Assert.Contains("3 attention heads (the tensors' shapes), but Small has 4", refused.Message, StringComparison.Ordinal);
    }

    private string Weights => _folder.Path("model.safetensors");

    private void Beside(string name, string json) => File.WriteAllText(_folder.Path(name), json);

    private string Save(Dictionary<string, string>? metadata = null)
    {
        SafetensorsWriter.Write(Weights, SmallVit.Backbone(_model), metadata);
        return Weights;
    }

    private WeightReport Load() => Load(null);

    private WeightReport Load(Dictionary<string, string>? metadata) => BackboneLoader.Load(Save(metadata), _model, (_, _) => { });
}
