using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>What PyTorch saves is read as PyTorch means it, whatever lies beside the tensors.</summary>
public sealed class TorchFileTests
{
    private static readonly float[] Whole = GoldenFiles.Ramp(24);

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views_protocol4.pth")]
    public void Views_are_read_in_their_own_order(string file)
    {
        using var source = WeightFile.Open(GoldenFiles.Path(file));

        Assert.Equal("PyTorch .pth", source.Format);
        Assert.Equal(Whole, source.Read("whole"));
        Assert.Equal(Pick(6, 4, (i, j) => (j * 6) + i), source.Read("transposed"));
        Assert.Equal(Pick(2, 3, (i, j) => ((i + 1) * 6) + j + 2), source.Read("slice"));
        Assert.Equal(Pick(2, 2, (i, j) => (i * 12) + (j * 3)), source.Read("step"));
        Assert.Equal(Pick(4, 1, (i, _) => (i * 6) + 1), source.Read("column"));
        Assert.Equal(Pick(3, 2, (_, j) => j), source.Read("expanded"));
        Assert.Equal(Pick(4, 6, (i, j) => (j * 4) + i), source.Read("permuted"));
        Assert.Equal(GoldenFiles.Ramp(24), source.Read("channels_last"));
        Assert.Equal(GoldenFiles.Ramp(3), source.Read("parameter"));
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views_protocol4.pth")]
    public void Every_type_of_tensors_is_read_and_other_objects_left_out(string file)
    {
        using var source = WeightFile.Open(GoldenFiles.Path(file));

        foreach (string type in (string[])["float16", "bfloat16", "float64"])
        {
            Assert.Equal(GoldenFiles.Ramp(6), source.Read(type));
        }

        string[] types = ["float16", "bfloat16", "float64", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64"];
        Assert.All(types, type => Assert.Equal(type, TypeOf(source, type).ToString(), ignoreCase: true));
        Assert.Equal([1.5f], source.Read("scalar"));
        Assert.Empty(source.Read("empty"));
        Assert.False(source.TryFind("quantized", out _));
        Assert.False(source.TryFind("not a tensor", out _));
    }

    [Fact]
    public void A_checkpoint_of_MAE_loads_with_its_decoder_ignored_and_nothing_of_it_run()
    {
        var report = AssertLoads("mae.pth", "timm");

        string[] decoder =
            ["decoder_blocks.0.norm1.weight", "decoder_embed.weight", "decoder_pos_embed", "decoder_pred.bias", "mask_token"];
        Assert.Equal(decoder, report.Ignored.Order(StringComparer.Ordinal));
        using var source = WeightFile.Open(GoldenFiles.Path("mae.pth"));
        Assert.Equal("PyTorch .pth (in 'model')", source.Format);
    }

    [Fact]
    public void The_encoder_of_MoCo_loads_and_its_copy_is_ignored()
    {
        var report = AssertLoads("moco.pth.tar", "timm ('module.base_encoder.')");

        Assert.Contains("module.momentum_encoder.cls_token", report.Ignored);
        Assert.Contains("module.base_encoder.head.1.num_batches_tracked", report.Ignored);
    }

    [Fact]
    public void The_linear_probe_of_MoCo_loads()
    {
        var report = AssertLoads("moco_linear.pth.tar", "timm ('module.')");

        Assert.Equal(["module.head.bias", "module.head.weight"], report.Ignored.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("whole_module.pth", "an object \"torch.nn.modules.linear.Linear\"")]
    [InlineData("lone_tensor.pth", "instead of a dictionary")]
    [InlineData("script.pth", "an object \"__torch__.torch.nn.modules.linear.Linear\"")]
    public void Files_of_PyTorch_that_hold_no_tensors_by_name_say_what_they_are(string file, string what)
    {
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Open(GoldenFiles.Path(file)));

        Assert.Contains(what, error.Message);
        Assert.Contains("torch.save(model.state_dict(), path)", error.Message);
    }

    [Fact]
    public void The_format_of_old_versions_is_told_with_what_to_do()
    {
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Open(GoldenFiles.Path("old_format.pth")));

        Assert.Contains("before 1.6", error.Message);
        Assert.Contains("torch.save", error.Message);
    }

    private static WeightReport AssertLoads(string file, string dialect)
    {
        var model = SmallVit.Describe();
        var loaded = new Dictionary<string, float[]>();

        var report = BackboneLoader.Load(
            GoldenFiles.Path(file), model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(dialect, report.Dialect);
        var backbone = model.Parameters.Where(parameter => parameter.Kind == ParameterKind.Backbone);
        Assert.Equal(backbone.ToDictionary(p => p.Name, p => GoldenFiles.Pattern(p.Name, p.Count)), loaded);
        return report;
    }

    private static TensorType TypeOf(IWeightSource source, string name) =>
        source.TryFind(name, out var tensor) ? tensor.Type : throw new ArgumentException(name);

    private static float[] Pick(int rows, int columns, Func<int, int, int> place) =>
        [.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select Whole[place(row, column)]];
}
