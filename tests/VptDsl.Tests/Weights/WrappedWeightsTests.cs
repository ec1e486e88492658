using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Inspection;
using VptDsl.Weights.PyTorch;

namespace VptDsl.Tests.Weights;

/// <summary>Protects users of checkpoints as training programs leave them: behind any prefix, in any entry, and not always whole.</summary>
public sealed class WrappedWeightsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("_orig_mod.")]
    [InlineData("model.")]
    [InlineData("module.visual.trunk.")]
    [InlineData("a/b/")]
    public void A_prefix_before_every_name_is_found(string prefix)
    {
        string path = Write([.. SmallVit.Backbone(_model).Select(t => Renamed(t, prefix + t.Name)), new("criterion.weight", [1], [0])]);
        var loaded = new Dictionary<string, float[]>();

        WeightReport report = BackboneLoader.Load(path, _model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal($"timm ('{prefix}')", report.Dialect);
        Assert.Equal("criterion.weight", Assert.Single(report.Ignored));
        Assert.Equal(_model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).ToDictionary(p => p.Name, SmallVit.Values), loaded);
        using IWeightSource source = WeightFile.Open(path);
        Assert.Equal($"timm ('{prefix}')", BackboneKind.Detect(source)!.Value.Dialect.Name);
    }

    [Fact]
    public void Two_networks_behind_prefixes_that_nobody_knows_are_not_chosen_between()
    {
        string path =
            Write([.. SmallVit.Backbone(_model).SelectMany(t => new[] { Renamed(t, "first." + t.Name), Renamed(t, "second." + t.Name) })]);

        WeightFileException refused = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(path, _model, (_, _) => { }));

        Assert.Contains("several networks in it have the model's parameters", refused.Message, StringComparison.Ordinal);
        Assert.Contains("first.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("second.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_tensor_with_numbers_that_are_none_is_named(float value)
    {
        List<TensorToWrite> tensors = SmallVit.Backbone(_model);
        int index = tensors.FindIndex(t => t.Name == "blocks.1.mlp.fc1.weight");
        float[] spoilt = SmallVit.Values(_model.Parameters.Single(p => p.Name == "blocks.1.mlp.fc1.weight"));
        (spoilt[5], spoilt[7]) = (value, value);
        tensors[index] = new(tensors[index].Name, tensors[index].Shape, spoilt);

        WeightFileException refused = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(Write(tensors), _model, (_, _) => { }));

        Assert.Contains("blocks.1.mlp.fc1.weight", refused.Message, StringComparison.Ordinal);
        Assert.Contains("has 2 elements that are NaN or infinite, the first at 5", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encoder", "encoder")]
    [InlineData("teacher", "student", "teacher")]
    [InlineData("state_dict_ema", "state_dict_ema", "optimizer")]
    public void The_entry_that_holds_the_model_is_found(string expected, params string[] entries) =>
        Assert.Equal(expected, StateDictionary.Find(Checkpoint(entries)).Container);

    [Fact]
    public void Of_entries_that_nobody_knows_none_is_chosen()
    {
        FormatException refused = Assert.Throws<FormatException>(() => StateDictionary.Find(Checkpoint("left", "right")));
        Assert.Contains("several of its entries hold tensors", refused.Message, StringComparison.Ordinal);
        Assert.Contains("left", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A dictionary whose entries are dictionaries of one tensor.</summary>
    private static object? Checkpoint(params string[] entries)
    {
        PickleWriter writer = new PickleWriter().Op('}').Op('(');
        foreach (string entry in entries)
            writer.Text(entry).Op('}').Op('(').Text("weight").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op('u');
        return PickleReader.Read(writer.Op('u').Finish(), new TorchObjects());
    }

    private static TensorToWrite Renamed(TensorToWrite tensor, string name) => tensor with { Name = name };

    private string Write(List<TensorToWrite> tensors)
    {
        string path = _folder.Path("wrapped.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return path;
    }
}
