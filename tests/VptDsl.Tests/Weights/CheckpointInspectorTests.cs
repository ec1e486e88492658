using System.Text.RegularExpressions;
using VptDsl.Inspection;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tests.Weights;

/// <summary>A file tells which declaration it was made for.</summary>
public sealed class CheckpointInspectorTests : IDisposable
{
    private const string Small = "[Vit(Width = 4, Layers = 2, Heads = ?, Patch = 2, Image = 4)]";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("jax_vit.npz", "NumPy .npz", "Google JAX ViT", "[Vit(Width = 24, Layers = 2, Heads = 3, Patch = 8, Image = 24)]")]
    [InlineData("jax_vit.safetensors", "safetensors", "timm", "[Vit(Width = 24, Layers = 2, Heads = ?, Patch = 8, Image = 32)]")]
    [InlineData("mae.pth", "PyTorch .pth (in 'model')", "timm", Small)]
    [InlineData("moco.pth.tar", "PyTorch .pth (in 'state_dict')", "timm ('module.base_encoder.')", Small)]
    public void Format_naming_and_sizes_are_read_off(string file, string format, string dialect, string attribute)
    {
        var description = CheckpointInspector.Describe(GoldenFiles.Path(file));

        Assert.Equal((format, dialect, attribute), (description.Format, description.Dialect, description.Attribute));
        Assert.Equal(!file.EndsWith(".npz", StringComparison.Ordinal), Assert.IsType<VitSketch>(description.Backbone).HeadsAreGuessed);
        Assert.Null(description.Problem);
        Assert.NotEmpty(description.Tensors);
    }

    [Theory]
    [InlineData(192, 12, 4 * 192, 16, 3, "[Vit(VitSize.Tiny, Patch = 16, Image = 32)]")]
    [InlineData(192, 12, 500, 8, 1, "[Vit(VitSize.Tiny, Mlp = 500, Patch = 8, Image = 16, Channels = 1)]")]
    [InlineData(192, 2, 4 * 192, 16, 3, "[Vit(Width = 192, Layers = 2, Heads = 3, Patch = 16, Image = 32)]")]
    [InlineData(128, 1, 4 * 128, 16, 3, "[Vit(Width = 128, Layers = 1, Heads = 2, Patch = 16, Image = 32)]")]
    public void Usual_sizes_become_presets_and_what_is_usual_is_left_out(
        int width, int layers, int mlp, int patch, int channels, string attribute)
    {
        var sketch = new VitSketch(width, layers, null, false, mlp, patch, 2 * patch, channels);
        var description = CheckpointInspector.Describe(Write(sketch));

        Assert.Equal(attribute, description.Attribute);
        Assert.Null(description.Problem);
    }

    [Fact]
    public void The_mean_of_a_model_with_registers_is_that_of_its_patches()
    {
        var sketch = new VitSketch(192, 2, 3, HeadsAreGuessed: false, Mlp: 768, Patch: 16, Image: 32, Channels: 3)
        {
            ClassToken = false,
            Registers = 4,
            Positions = PositionEmbedding.LearnedOnPatches,
            Pool = TokenPool.ImageTokens,
            FinalNorm = FinalNorm.AfterPool,
        };

        Assert.Equal(sketch.Attribute, CheckpointInspector.Describe(Write(sketch)).Attribute);
    }

    [Fact]
    public void Eva02_without_any_norm_at_its_end_is_told_all_the_same()
    {
        CheckpointDescription description = CheckpointInspector.Describe(
            Write(Eva02.Parameters().Where(p => !p.Name.StartsWith("fc_norm", StringComparison.Ordinal)).Select(Filled)));

        Assert.Equal((Eva02.Attribute, null), (description.Attribute, description.Problem));
    }

    public static TheoryData<VitSketch, string> Untold => new()
    {
        { Eva02, "the number of heads and the patches on a side in pre-training (RotaryGrid)" },
        {
            Small192 with { ClassToken = false, Pool = TokenPool.ImageTokens, Activation = ActivationKind.GeluTanh },
            "the number of heads and the activation"
        },
        { Small192 with { PreNorm = true, Epsilon = 1e-5 }, "the number of heads and the activation" },
        {
            Small192 with
            {
                Image = 256,
                PreNorm = true,
                Positions = PositionEmbedding.None,
                Rotary = RotaryEmbedding.Halves,
                Epsilon = 1e-5,
            },
            "the number of heads, the activation and the image's size"
        },
    };

    [Theory]
    [MemberData(nameof(Untold))]
    public void What_no_tensor_tells_is_said(VitSketch sketch, string untold)
    {
        CheckpointDescription description = CheckpointInspector.Describe(Write(sketch));

        Assert.Equal((sketch.Attribute, untold), (description.Attribute, description.Backbone?.Guessed));
    }

    /// <summary>Meta keeps a bias of queries, keys and values, of which the keys' is masked: a model with all three would use it.</summary>
    [Fact]
    public void Of_Metas_DinoV3_queries_and_values_alone_have_a_bias()
    {
        VitSketch sketch = Small192 with
        {
            Image = 256,
            Registers = 4,
            Positions = PositionEmbedding.None,
            Rotary = RotaryEmbedding.Halves,
            AttentionBias = AttentionBias.QueryAndValue,
            Epsilon = 1e-5,
            LayerScale = true,
        };
        ParameterDescription[] parameters = [.. sketch.Parameters()];
        string path = Write(
        [
            .. parameters.SelectMany(new MetaDinoDialect(3, hasRegisters: true, isGated: false).Parts).DistinctBy(part => part.Tensor)
                .Select(part => new TensorToWrite(
                    part.Tensor, part.Shape, [.. Enumerable.Repeat(1f, part.Shape.Aggregate((length, axis) => length * axis))])),
            new("blocks.0.attn.qkv.bias_mask", [576], new float[576]),
            new("blocks.1.attn.qkv.bias_mask", [576], new float[576]),
        ]);

        CheckpointDescription description = CheckpointInspector.Describe(path);
        Assert.Equal(("Meta DINOv3", sketch.Attribute, null), (description.Dialect, description.Attribute, description.Problem));

        ParameterDescription[] all = [.. (sketch with { AttentionBias = AttentionBias.All }).Parameters()];
        float[] bias = [];
        BackboneLoader.Load(
            path, SmallVit.Describe() with { Parameters = [.. all] },
            (p, values) => bias = p.Name == "blocks.0.attn.qkv.bias" ? values.ToArray() : bias);
        Assert.Equal([.. Enumerable.Repeat(1f, 192), .. new float[192], .. Enumerable.Repeat(1f, 192)], bias);
    }

    /// <summary>A view of one number in PyTorch's files can claim any size, whose products are no numbers.</summary>
    [Theory]
    [InlineData("patch_embed.proj.weight", 4, 1, 1 << 29, 1 << 29)]
    [InlineData("patch_embed.proj.weight", int.MaxValue, 3, 2, 2)]
    [InlineData("blocks.0.mlp.fc2.weight", 4, int.MaxValue)]
    [InlineData("reg_token", 1, int.MaxValue, 4)]
    public void Sizes_of_no_backbone_are_not_told(string name, params int[] shape)
    {
        string path = _folder.Path("expanded.pth");
        File.WriteAllBytes(path, RawTorch.BuildExpanded(SmallVit.Backbone(SmallVit.Describe(image: 16)), name, shape));

        CheckpointDescription description = CheckpointInspector.Describe(path);

        Assert.DoesNotContain("-", description.Attribute ?? "", StringComparison.Ordinal);
        Assert.True(description.Attribute is null || description.Problem is not null);
    }

    public static TheoryData<BackboneSketch, string> UsualSizes => new()
    {
        {
            new SwinSketch(128, [2, 2, 18, 2], [4, 8, 16, 32], Patch: 4, Window: 7, Image: 224, ImageIsGuessed: true, Channels: 3),
            "[Swin(SwinSize.Base)]"
        },
        {
            new SwinSketch(192, [2, 2, 18, 2], [6, 12, 24, 48], 4, 12, 384, true, 1),
            "[Swin(SwinSize.Large, Image = 384, Window = 12, Channels = 1)]"
        },
        { new ConvNeXtSketch([3, 3, 9, 3], [96, 192, 384, 768], Channels: 3), "[ConvNeXt(ConvNeXtSize.Tiny)]" },
        { new ResNetSketch(64, [3, 4, 6, 3], [64, 128, 256, 512], Expansion: 4, Channels: 3), "[ResNet(ResNetSize.Layers50)]" },
        { new ResNetSketch(64, [3, 4, 6, 3], [64, 128, 256, 512], Expansion: 1, Channels: 3), "[ResNet(ResNetSize.Layers34)]" },
    };

    [Theory]
    [MemberData(nameof(UsualSizes))]
    public void So_do_those_of_other_architectures(BackboneSketch sketch, string attribute) => Assert.Equal(attribute, sketch.Attribute);

    [Fact]
    public void A_stage_with_a_window_of_its_grid_tells_the_images_size()
    {
        var sketch = new SwinSketch(6, [1, 1], [1, 2], Patch: 2, Window: 4, Image: 12, ImageIsGuessed: false, Channels: 3);

        var description = CheckpointInspector.Describe(Write(sketch));

        Assert.Equal("[Swin(Width = 6, Depths = \"1,1\", Heads = \"1,2\", Patch = 2, Image = 12, Window = 4)]", description.Attribute);
        Assert.Null(description.Backbone!.Guessed);
        Assert.Null(description.Problem);
    }

    [Fact]
    public void Sizes_that_no_backbone_has_are_not_told()
    {
        var sketch = new SwinSketch(6, [1, 1], [1, 2], Patch: 2, Window: 4, Image: 16, ImageIsGuessed: false, Channels: 3);
        var tensors = sketch.Parameters().Where(p => !p.Name.EndsWith("bias_table", StringComparison.Ordinal)).Select(Filled).ToList();
        tensors.Add(new TensorToWrite("layers.0.blocks.0.attn.relative_position_bias_table", [48, 1], new float[48]));

        var description = CheckpointInspector.Describe(Write(tensors));

        Assert.Equal(("timm", null), (description.Dialect, description.Attribute));
    }

    [Fact]
    public void A_file_without_tensors_is_nothing_that_is_known() => Assert.Null(CheckpointInspector.Describe(Write([])).Dialect);

    [Fact]
    public void What_keeps_a_backbone_from_loading_is_said()
    {
        var tensors = SmallVit.Backbone(SmallVit.Describe());
        tensors.RemoveAll(tensor => tensor.Name.StartsWith("norm.", StringComparison.Ordinal));
        tensors.Add(new TensorToWrite("blocks.0.attn.gate.weight", [4], new float[4]));

        var description = CheckpointInspector.Describe(Write(tensors));

        Assert.Contains("2 missing: norm.weight [4], norm.bias [4]", description.Problem);
        Assert.Contains("blocks.0.attn.gate.weight", description.Problem);
        Assert.EndsWith("or its network is one that cannot be declared.", description.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_another_declaration_is_an_error_that_has_that_declaration()
    {
        string path = Write(Small192 with { LayerScale = true });

        Assert.EndsWith(
            "The file's backbone is declared by [Vit(Width = 192, Layers = 2, Heads = 3, Patch = 16, Image = 32, LayerScale = true)]; "
                + "it does not tell the number of heads.",
            Refusal(path, SmallVit.Describe(width: 192, patch: 16, image: 32)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_another_kind_of_backbone_is_one_too()
    {
        string path = Write(new ConvNeXtSketch([1, 1, 1, 1], [2, 3, 4, 5], Channels: 3));

        Assert.Contains(
            """is declared by [ConvNeXt(Depths = "1,1,1,1", Widths = "2,3,4,5")]""",
            Refusal(path, SmallVit.Describe()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_no_declaration_is_not_said_to_be_for_another()
    {
        var tensors = (Small192 with { HeadsAreGuessed = true }).Parameters().Select(Filled).ToList();
        tensors.Add(new TensorToWrite("neck.0.weight", [4], new float[4]));

        Assert.EndsWith(
            "or its network is one that cannot be declared.", Refusal(Write(tensors), SmallVit.Describe()), StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_is_one_of_shapes_that_no_backbone_has()
    {
        var tensors = Small192.Parameters().Where(p => p.Name != "patch_embed.proj.weight").Select(Filled);

        Assert.EndsWith(
            "or its network is one that cannot be declared.", Refusal(Write(tensors), SmallVit.Describe()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_file_is_said_to_be_one()
    {
        ModelDescription model = SmallVit.Describe();
        string path = _folder.Path("f.task.safetensors");
        TaskFile.Save(path, model, "hash", classNames: null, SmallVit.Values, pipeline: null);

        Assert.EndsWith(
            "It is a task file: LoadTask reads it, into a model that was loaded from the backbone's file.",
            Refusal(path, model),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_of_several_parameters_is_missing_once()
    {
        var sketch = Small192 with { ClassToken = false, Pool = TokenPool.Attention, Activation = ActivationKind.GeluTanh };
        var model = SmallVit.Describe() with { Parameters = [.. sketch.Parameters()] };
        string path = Write(model.Parameters.SelectMany(new HuggingFaceSigLipDialect().Parts)
            .Where(part => !part.Tensor.Contains("in_proj", StringComparison.Ordinal))
            .Select(part => new TensorToWrite(part.Tensor, part.Shape, new float[part.Count])));

        Assert.Single(Regex.Matches(Refusal(path, model), Regex.Escape("head.attention.in_proj_weight [576, 192]")));
    }

    [Fact]
    public void A_file_of_something_else_is_listed_without_a_declaration()
    {
        var description = CheckpointInspector.Describe(GoldenFiles.Path("small.npz"));

        Assert.Null(description.Dialect);
        Assert.Null(description.Attribute);
        Assert.Equal(["float32", "fortran", "int64"], description.Tensors.Select(tensor => tensor.Name));
    }

    private static VitSketch Small192 { get; } =
        new(192, 2, 3, HeadsAreGuessed: true, Mlp: 768, Patch: 16, Image: 32, Channels: 3);

    private static VitSketch Eva02 { get; } = Small192 with
    {
        Rotary = RotaryEmbedding.Pairs,
        AttentionBias = AttentionBias.QueryAndValue,
        MlpForm = MlpForm.GatedAndNormalized,
        Pool = TokenPool.ImageTokens,
        FinalNorm = FinalNorm.AfterPool,
    };

    private static string Refusal(string path, ModelDescription model) => Assert.Throws<WeightFileException>(
        () => BackboneLoader.Load(path, model, (_, _) => { }, KnownDialects.All, advise: CheckpointInspector.Advice)).Message;

    private static TensorToWrite Filled(ParameterDescription parameter) => new(parameter.Name, parameter.Shape, new float[parameter.Count]);

    private string Write(BackboneSketch sketch) => Write(sketch.Parameters().Select(Filled));

    private string Write(IEnumerable<TensorToWrite> tensors)
    {
        SafetensorsWriter.Write(_folder.Path("f.safetensors"), tensors);
        return _folder.Path("f.safetensors");
    }
}
