using System.Diagnostics.CodeAnalysis;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tests.Weights;

/// <summary>Who published a checkpoint is told from its names, and how images must be normalised follows from it.</summary>
public sealed class CheckpointKindTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mae.pth", CheckpointKind.Mae)]
    [InlineData("moco.pth.tar", CheckpointKind.MocoV3)]
    public void Files_that_PyTorch_wrote_tell_their_kind(string file, CheckpointKind kind)
    {
        WeightReport report = BackboneLoader.Load(GoldenFiles.Path(file), SmallVit.Describe(), (_, _) => { });
        Assert.Equal(kind, report.Kind);
        Assert.Same(Normalization.ImageNet, report.Kind.Normalization());
        Assert.Same(Normalization.ImageNet, report.Facts.Normalization!.Value);
    }

    [Theory]
    [InlineData("jax_vit.npz", CheckpointKind.Google)]
    [InlineData("jax_vit.safetensors", CheckpointKind.Other)]
    [InlineData("moco_linear.pth.tar", CheckpointKind.Other)]
    public void So_do_Googles_and_timms_do_not(string file, CheckpointKind kind)
    {
        using IWeightSource source = WeightFile.Open(GoldenFiles.Path(file));
        var detected = VptDsl.Inspection.BackboneKind.Detect(source);
        Assert.Equal(kind, CheckpointKinds.Of(source, detected!.Value.Dialect));
        Assert.Equal(kind == CheckpointKind.Google ? Normalization.Symmetric : null, kind.Normalization());
    }

    [Theory]
    [InlineData(CheckpointKind.Other, "cls_token", "blocks.0.norm1.weight")]
    [InlineData(CheckpointKind.Mae, "cls_token", "blocks.0.norm1.weight", "decoder_embed.weight")]
    [InlineData(CheckpointKind.Other, "cls_token", "blocks.0.norm1.weight", "head.weight")]
    [InlineData(CheckpointKind.Other, "conv1.weight", "layer1.0.bn1.weight", "fc.weight")]
    [InlineData(CheckpointKind.Other, "conv1.weight", "layer1.0.bn1.weight")]
    [InlineData(CheckpointKind.Other, "downsample_layers.0.0.weight", "stages.0.0.gamma")]
    [InlineData(CheckpointKind.Other, "patch_embed.proj.weight", "layers.0.blocks.0.norm1.weight")]
    [InlineData(CheckpointKind.Other, "patch_embed.proj.weight", "layers.0.blocks.0.norm1.weight", "mask_token")]
    [InlineData(CheckpointKind.Mae, "cls_token", "blocks.0.norm1.weight", "head.weight", "mask_token")]
    [InlineData(CheckpointKind.Other, "cls_token", "blocks.0.norm1.weight", "blocks.0.ls1.gamma", "mask_token")]
    [InlineData(CheckpointKind.Other, "cls_token", "stages.0.weight")]
    public void Only_a_vision_transformer_is_a_masked_autoencoders(CheckpointKind kind, params string[] names)
    {
        using var source = new NamesAlone(names);

        Assert.Equal(kind, CheckpointKinds.Of(source, new TimmDialect()));
    }

    /// <summary>A model that writes texts about images has a decoder of another kind, and is tuned on its class token.</summary>
    [Theory]
    [InlineData(CheckpointKind.Mae, "", "embeddings.cls_token", "decoder.mask_token")]
    [InlineData(CheckpointKind.Mae, "vit.", "vit.embeddings.cls_token", "decoder.decoder_embed.weight")]
    [InlineData(CheckpointKind.Mae, "module.vit.", "module.vit.embeddings.cls_token", "module.decoder.decoder_pos_embed")]
    [InlineData(CheckpointKind.HuggingFace, "encoder.", "encoder.embeddings.cls_token", "decoder.transformer.wte.weight")]
    [InlineData(CheckpointKind.HuggingFace, "", "embeddings.cls_token", "decoder.0.weight")]
    public void Only_a_decoder_of_masked_images_is_a_masked_autoencoders(CheckpointKind kind, string prefix, params string[] names)
    {
        using var source = new NamesAlone(names);
        var inner = new HuggingFaceDialect();

        Assert.Equal(
            kind,
            CheckpointKinds.Of(source, prefix.Length == 0 ? inner : new PrefixedDialect(prefix, inner)));
    }

    [Theory]
    [InlineData(
        CheckpointKind.MocoV3, "module.base_encoder.", "module.base_encoder.cls_token", "module.base_encoder.blocks.0.norm1.weight")]
    [InlineData(CheckpointKind.Other, "module.", "module.cls_token", "module.blocks.0.norm1.weight")]
    [InlineData(
        CheckpointKind.Other, "module.base_encoder.", "module.base_encoder.conv1.weight", "module.base_encoder.layer1.0.bn1.weight")]
    public void Only_a_vision_transformer_behind_its_prefix_is_MoCo_v3s(CheckpointKind kind, string prefix, params string[] names)
    {
        using var source = new NamesAlone(names);

        Assert.Equal(
            kind,
            CheckpointKinds.Of(source, new PrefixedDialect(prefix, new TimmDialect())));
    }

    [Fact]
    public void Hugging_Faces_names_say_nothing_of_the_images() => Assert.Null(CheckpointKind.HuggingFace.Normalization());

    [Fact]
    public void A_masked_autoencoder_in_a_declaration_of_others_is_hinted_at()
    {
        WeightReport report = BackboneLoader.Load(GoldenFiles.Path("mae.pth"), SmallVit.Describe(), (_, _) => { });

        Assert.Contains("declare Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool", report.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_any_other_in_a_declaration_of_masked_autoencoders()
    {
        ModelDescription small = SmallVit.Describe();
        string path = _folder.Path("plain.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(small));

        Assert.Null(BackboneLoader.Load(path, small, (_, _) => { }).Hint);
        Assert.Contains(
            "without FinalNorm.AfterPool", BackboneLoader.Load(path, Pooling(small), (_, _) => { }).Hint, StringComparison.Ordinal);
        Assert.Null(BackboneLoader.Load(GoldenFiles.Path("mae.pth"), Pooling(small), (_, _) => { }).Hint);
    }

    [Fact]
    public void A_tuned_masked_autoencoder_in_a_declaration_of_others_is_an_error_that_says_how_it_is_declared()
    {
        ModelDescription small = SmallVit.Describe();
        string path = _folder.Path("tuned.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(small).Select(t =>
            t.Name.StartsWith("norm.", StringComparison.Ordinal) ? t with { Name = "fc_" + t.Name } : t));

        WeightFileException refused = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(path, small, (_, _) => { }));

        Assert.Contains(
            "those are declared with Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_pools_takes_a_masked_autoencoder_without_its_last_norm_and_begins_its_own()
    {
        ModelDescription pooling = Pooling(SmallVit.Describe());
        var loaded = new Dictionary<string, float[]>();

        WeightReport report = BackboneLoader.Load(GoldenFiles.Path("mae.pth"), pooling, (p, values) => loaded[p.Name] = values.ToArray());

        Assert.Equal([1f, 1f, 1f, 1f], loaded["fc_norm.weight"]);
        Assert.Equal(new float[4], loaded["fc_norm.bias"]);
        Assert.Equal<string>(["fc_norm.weight", "fc_norm.bias"], report.Fresh);
        Assert.Contains("norm.weight", report.Ignored);
        Assert.Contains("norm.bias", report.Ignored);
        Assert.Equal(loaded.Count - 2, report.Loaded);
        Assert.Contains("new fc_norm.weight, fc_norm.bias", report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What the hint demands of a declaration can be loaded, whoever named the file's tensors.</summary>
    [Fact]
    public void So_it_does_under_the_names_of_every_vision_transformer()
    {
        ModelDescription small = SmallVit.Describe();
        ParameterDescription[] backbone = [.. small.Parameters.Where(p => p.Kind == ParameterKind.Backbone)];
        ParameterDescription norm = backbone.Single(p => p.Name == "norm.weight");
        IWeightDialect[] dialects =
        [
            .. KnownDialects.All.Where(d => d.Parts(backbone[0]).Count > 0 && d.Parts(norm).Count > 0),
            new PrefixedDialect("vit.", new HuggingFaceDialect()),
        ];
        Assert.True(dialects.Length > 20);
        Assert.All(dialects, (dialect, number) =>
        {
            // Some have no bias where others have one.
            ModelDescription known = small with { Parameters = [.. backbone.Where(p => dialect.Parts(p).Count > 0)] };
            string path = _folder.Path($"{number}.safetensors");
            SafetensorsWriter.Write(
                path,
                known.Parameters.SelectMany(dialect.Parts).DistinctBy(part => part.Tensor)
                    .Select(part => new TensorToWrite(part.Tensor, part.Shape, new float[part.Shape.Aggregate((x, y) => x * y)])));

            WeightReport report = BackboneLoader.Load(path, Pooling(known), (_, _) => { }, [dialect]);

            Assert.Equal<string>(["fc_norm.weight", "fc_norm.bias"], report.Fresh);
            Assert.All(dialect.Parts(norm), part => Assert.Contains(part.Tensor, report.Ignored));
        });
    }

    [Theory]
    [InlineData("weight", "bias")]
    [InlineData("bias", "weight")]
    public void Half_a_norm_of_the_pool_is_a_damaged_one(string kept, string lost)
    {
        ModelDescription pooling = Pooling(SmallVit.Describe());
        string path = _folder.Path("half.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(pooling).Where(t => t.Name != "fc_norm." + lost));

        WeightFileException refused = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(path, pooling, (_, _) => { }));

        Assert.Contains($"1 missing: fc_norm.{lost} [4]", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fc_norm." + kept, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_normalisation_than_the_checkpoints_is_warned_of()
    {
        var google = new WeightReport("a.npz", "Google JAX ViT", 1, [])
        {
            Facts = new CheckpointFacts { Normalization = new(Normalization.Symmetric, "its names are Google's") },
        };

        string? warning = NormalizationAdvice.Warning(google, Transforms.Vtab(224));

        Assert.Contains("was trained on 0.5 0.5 0.5 / 0.5 0.5 0.5 (its names are Google's)", warning, StringComparison.Ordinal);
        Assert.Contains("WithNormalization(Normalization.Symmetric)", warning, StringComparison.Ordinal);
        Assert.Null(NormalizationAdvice.Warning(google, Transforms.Vtab(224, Normalization.Symmetric)));
        Assert.Null(NormalizationAdvice.Warning(google with { Facts = new CheckpointFacts() }, Transforms.Vtab(224)));
        Assert.Null(NormalizationAdvice.Warning(google, pipeline: null));
        Assert.Null(NormalizationAdvice.Warning(weights: null, Transforms.Vtab(224)));
    }

    private static ModelDescription Pooling(ModelDescription small)
    {
        var one = new ParameterDescription("fc_norm.weight", [4], ParameterKind.Backbone, false, 0, new(Distribution.Constant, 1));
        var zero = one with { Name = "fc_norm.bias", Initializer = new(Distribution.Constant, 0) };
        return small with
        {
            Parameters = [.. small.Parameters.Where(p => !p.Name.StartsWith("norm.", StringComparison.Ordinal)), one, zero],
        };
    }

    /// <summary>A PyTorch file of which only the names are known.</summary>
    private sealed class NamesAlone(IEnumerable<string> names) : IWeightSource
    {
        public string Path => "names.pth";

        public string Format => "PyTorch";

        public IReadOnlyList<TensorInfo> Tensors { get; } =
        [
            .. names.Select(name => new TensorInfo(name, TensorType.Float32, [1], 0, sizeof(float))),
        ];

        public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor)
        {
            tensor = Tensors.FirstOrDefault(t => t.Name == name);
            return tensor is not null;
        }

        public void Read(TensorInfo tensor, Span<float> destination) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
