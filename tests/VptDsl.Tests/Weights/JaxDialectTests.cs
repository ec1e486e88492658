using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Google's checkpoints become the backbone that the paper's public code makes of them.</summary>
public sealed class JaxDialectTests : IDisposable
{
    private const string Positions = "Transformer/posembed_input/pos_embedding";

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, float[]> _loaded = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_for_smaller_images_loads_as_the_papers_code_loads_it()
    {
        var model = SmallVit.Describe(width: 24, layers: 2, patch: 8, image: 32);

        var report = Load(GoldenFiles.Path("jax_vit.npz"), model);

        Assert.Equal("Google JAX ViT", report.Dialect);
        Assert.Equal(new PositionResampling(3, 4, PositionRule.BilinearCorners), report.Positions);
        Assert.Contains("positions resampled from 3x3 to 4x4 (bilinear, corners aligned)", report.ToString());
        using var expected = SafetensorsFile.Open(GoldenFiles.Path("jax_vit.safetensors"));
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name).Order(), _loaded.Keys.Order());
        foreach (var (name, values) in _loaded.Where(parameter => parameter.Key != "pos_embed"))
        {
            Assert.Equal(expected.ReadFloats(name), values);
        }

        AssertClose(expected.ReadFloats("pos_embed"), _loaded["pos_embed"]);
    }

    [Theory]
    [InlineData("", "Google JAX ViT", false)]
    [InlineData("opt/target/", "Google JAX ViT ('opt/target/')", false)]
    [InlineData("params/", "Google JAX ViT ('params/')", false)]
    [InlineData("", "Google big_vision", true)]
    [InlineData("params/", "Google big_vision ('params/')", true)]
    [InlineData("params/img/", "Google big_vision ('params/img/')", true)]
    public void Prefixes_and_the_names_of_big_vision_are_recognised(string prefix, string dialect, bool isBigVision)
    {
        var model = SmallVit.Describe(width: 24, layers: 2, patch: 8, image: 24);
        List<(string Name, byte[] Content)> arrays =
            [.. ReadArrays().Select(array => (prefix + Rename(array.Name, isBigVision), array.Content))];
        string[] ignored = [prefix + "head/kernel", prefix + "pre_logits/bias", .. prefix == "" ? [] : (string[])["opt/state/step"]];
        arrays.AddRange(ignored.Select(name => (name + ".npy", RawNpy.Floats([1], 0))));
        string path = _folder.Write("f.npz", RawZip.Pack(deflate: true, [.. arrays]));

        var report = Load(path, model);

        Assert.Equal(dialect, report.Dialect);
        Assert.Null(report.Positions);
        Assert.Equal(ignored.Order(StringComparer.Ordinal), report.Ignored.Order(StringComparer.Ordinal));
        using var expected = SafetensorsFile.Open(GoldenFiles.Path("jax_vit.safetensors"));
        Assert.Equal(expected.ReadFloats("blocks.1.attn.qkv.weight"), _loaded["blocks.1.attn.qkv.weight"]);
        Assert.Equal(expected.ReadFloats("blocks.1.norm2.bias"), _loaded["blocks.1.norm2.bias"]);
        using var original = WeightFile.Open(GoldenFiles.Path("jax_vit.npz"));
        Assert.Equal(original.Read(Positions), _loaded["pos_embed"]);
    }

    [Fact]
    public void Heads_may_be_merged_but_must_multiply_to_the_width()
    {
        const string Query = "Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel";
        var model = SmallVit.Describe(width: 24, layers: 2, patch: 8, image: 24);

        Load(Replaced(Query, [24, 24]), model);
        var error = Assert.Throws<WeightFileException>(() => Load(Replaced(Query, [24, 3, 9]), model));

        Assert.Contains($"{Query} is [24, 3, 9] in the file, [24, 24] in the model", error.Message);
    }

    [Fact]
    public void A_missing_array_is_told_by_its_name_in_the_file()
    {
        const string Name = "Transformer/encoderblock_1/MlpBlock_3/Dense_0/kernel";
        string path = _folder.Write("f.npz", RawZip.Pack(false, [.. ReadArrays().Where(array => array.Name != Name + ".npy")]));

        var error = Assert.Throws<WeightFileException>(() => Load(path, SmallVit.Describe(width: 24, layers: 2, patch: 8, image: 24)));

        Assert.Contains($"1 missing: {Name} [24, 96]", error.Message);
    }

    [Fact]
    public void A_bomb_in_place_of_a_parameter_is_refused_by_its_shape()
    {
        const long Floats = 1L << 31;
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': (1, {Floats / 24}, 24), }}";
        byte[] start = RawNpy.Build(header);
        var zip = new RawZip();
        foreach (var (name, content) in ReadArrays().Where(array => array.Name != Positions + ".npy"))
        {
            zip.Add(name, content);
        }

        byte[] sizes = RawZip.Fields((ushort)1, (ushort)8, (ulong)start.Length + (ulong)(Floats / 24 * 24 * sizeof(float)));
        string path = _folder.Write(
            "f.npz", zip.Add(Positions + ".npy", start, deflate: true, size: uint.MaxValue, extra: sizes).Finish());
        long before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<WeightFileException>(() => Load(path, SmallVit.Describe(width: 24, layers: 2, patch: 8, image: 24)));

        Assert.Contains(Positions, error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 20);
    }

    private static string Rename(string name, bool isBigVision) => !isBigVision ? name : name
        .Replace(Positions, "pos_embedding")
        .Replace("MultiHeadDotProductAttention_1", "MultiHeadDotProductAttention_0")
        .Replace("MlpBlock_3", "MlpBlock_0")
        .Replace("LayerNorm_2", "LayerNorm_1");

    private static List<(string Name, byte[] Content)> ReadArrays()
    {
        using var source = WeightFile.Open(GoldenFiles.Path("jax_vit.npz"));
        return [.. source.Tensors.Select(tensor => (tensor.Name + ".npy", RawNpy.Floats(tensor.Shape, source.Read(tensor.Name))))];
    }

    private string Replaced(string name, ImmutableArray<long> shape) => _folder.Write("f.npz", RawZip.Pack(
        false,
        [.. ReadArrays().Select(array => array.Name == name + ".npy"
            ? (array.Name, RawNpy.Floats(shape, new float[shape.Aggregate(1L, (a, b) => a * b)]))
            : array)]));

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private WeightReport Load(string path, ModelDescription model) =>
        BackboneLoader.Load(path, model, (parameter, values) => _loaded[parameter.Name] = values.ToArray());
}
