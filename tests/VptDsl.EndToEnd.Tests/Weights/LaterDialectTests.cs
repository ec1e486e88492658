using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Golden;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Weights;

/// <summary>CLIP and DINOv2 under the names that others than timm give them are the same backbones, to the bit.</summary>
public sealed class LaterDialectTests : IDisposable
{
    private static readonly (string Timm, string OpenAi)[] ClipNames =
    [
        ("patch_embed.proj.", "conv1."), ("cls_token", "class_embedding"), ("pos_embed", "positional_embedding"), ("norm_pre.", "ln_pre."),
        ("blocks.", "transformer.resblocks."), (".norm1.", ".ln_1."), (".norm2.", ".ln_2."), (".attn.qkv.", ".attn.in_proj_"),
        (".attn.proj.", ".attn.out_proj."), (".mlp.fc1.", ".mlp.c_fc."), (".mlp.fc2.", ".mlp.c_proj."),
    ];

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"vptdsl-later-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("clip_deep", "Hugging Face CLIP ('vision_model.')")]
    [InlineData("dinov2_deep", "Hugging Face DINOv2")]
    [InlineData("dinov2_giant_deep", "Hugging Face DINOv2")]
    [InlineData("dinov2_linear_clsmean", "Hugging Face DINOv2")]
    [InlineData("dinov2_reg_deep", "Hugging Face DINOv2")]
    [InlineData("dinov3_deep", "Hugging Face DINOv3")]
    [InlineData("dinov3_linear", "Hugging Face DINOv3")]
    [InlineData("dinov3_plus_deep", "Hugging Face DINOv3")]
    [InlineData("siglip_deep", "Hugging Face SigLIP ('vision_model.')")]
    public void Hugging_Faces_names(string name, string dialect) => LoadsFrom(
        Path.Combine(GoldenCase.Load(name).Folder, "weights.hf.safetensors"), name, dialect);

    /// <summary>Some publish biases of zeros that the model was trained without; any other bias is one that it would miss.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(0.5, false)]
    public void A_bias_that_the_model_has_not_may_be_zero(float value, bool isLoaded)
    {
        GoldenCase golden = GoldenCase.Load("dinov3_deep");
        float[] bias = [.. Enumerable.Repeat(value, 3 * 36)];
        SafetensorsWriter.Write(
            _file,
            [
                .. golden.Backbone.Select(entry => new TensorToWrite(entry.Key, [.. entry.Value.Shape], entry.Value.Values)),
                new("blocks.1.attn.qkv.bias", [3 * 36], bias),
            ]);

        Exception? refusal = Record.Exception(() => LoadsFrom(_file, golden.Name, "timm"));

        Assert.Equal(isLoaded, refusal is null);
        if (refusal is not null)
            Assert.Contains("blocks.1.attn.qkv.bias", Assert.IsType<WeightFileException>(refusal).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "CLIP")]
    [InlineData("visual.", "CLIP ('visual.')")]
    public void OpenAis_names(string prefix, string dialect)
    {
        GoldenCase golden = GoldenCase.Load("clip_deep");
        List<TensorToWrite> tensors =
        [
            .. golden.Backbone.Select(entry => new TensorToWrite(prefix + OpenAis(entry.Key), [.. entry.Value.Shape], entry.Value.Values)),
            new(prefix + "proj", [36, 18], new float[36 * 18]),
        ];
        if (prefix.Length > 0)
            tensors.Add(new("logit_scale", [1], [4.6f]));
        SafetensorsWriter.Write(_file, tensors);

        LoadsFrom(_file, golden.Name, dialect);
    }

    private static void LoadsFrom(string file, string name, string dialect)
    {
        GoldenCase golden = GoldenCase.Load(name);
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = GoldenModels.Load(name, device, file);

        Assert.Equal(dialect, tuner.Weights!.Dialect);
        foreach ((string parameter, GoldenTensor expected) in golden.Backbone)
        {
            float[] actual = tuner.Compiled.Read(tuner.Model.Parameters.Single(p => p.Name == parameter));

            // Where the file keeps the class token's place apart, the sum is rounded once more.
            if (parameter == "cls_token")
                Assert.True(RelativeError.Of(actual, expected.Values) <= 1e-6);
            else
                Assert.Equal(expected.Values, actual);
        }
    }

    private static string OpenAis(string name)
    {
        string renamed = ClipNames.Aggregate(name, (current, pair) => current.Replace(pair.Timm, pair.OpenAi, StringComparison.Ordinal));
        return renamed.StartsWith("norm.", StringComparison.Ordinal) ? "ln_post." + renamed["norm.".Length..] : renamed;
    }
}
