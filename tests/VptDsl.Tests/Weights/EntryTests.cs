using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Inspection;

namespace VptDsl.Tests.Weights;

/// <summary>A checkpoint with several models gives the one that is asked for, and says which there are where nobody asks.</summary>
public sealed class EntryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_entry_that_is_named_is_loaded()
    {
        string path = Write(("left", Shifted(1)), ("right", Shifted(2)));

        Assert.Equal(2, FirstOf(path, "right"));
        Assert.Equal(1, FirstOf(path, "left"));
        Assert.Equal("PyTorch .pth (in 'left')", CheckpointInspector.Describe(path, "left").Format);
    }

    [Fact]
    public void Without_a_name_those_that_there_are_are_listed()
    {
        string path = Write(("left", Shifted(1)), ("right", Shifted(2)));

        WeightFileException refused = Assert.Throws<WeightFileException>(() => FirstOf(path, null));

        Assert.Contains("\"left\", \"right\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("say which is meant with entry", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_there_is_not_is_refused_with_those_that_there_are()
    {
        string path = Write(("left", Shifted(1)), ("right", Shifted(2)));

        WeightFileException refused = Assert.Throws<WeightFileException>(() => FirstOf(path, "middle"));

        Assert.Contains("no entry \"middle\" that holds tensors, but \"left\", \"right\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_goes_before_a_usual_one() =>
        Assert.Equal(2, FirstOf(Write(("model", Shifted(1)), ("student", Shifted(2))), "student"));

    [Fact]
    public void A_single_tensor_beside_an_entry_is_no_model() =>
        Assert.Equal(1, FirstOf(Write((null, [new TensorToWrite("epoch", [1], [3])]), ("net", Shifted(1))), null));

    [Fact]
    public void What_an_optimiser_keeps_is_no_model() =>
        Assert.Equal(1, FirstOf(Write(("optimizer", Shifted(2)), ("net", Shifted(1))), null));

    [Fact]
    public void Other_formats_have_no_entries()
    {
        string path = _folder.Path("plain.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(_model));

        WeightFileException refused = Assert.Throws<WeightFileException>(() => FirstOf(path, "model"));

        Assert.Contains("safetensors has no entries", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A backbone whose class token begins with a number that tells it from others.</summary>
    private List<TensorToWrite> Shifted(float first) =>
        [.. SmallVit.Backbone(_model).Select(t => t.Name == "cls_token" ? new TensorToWrite(t.Name, t.Shape, [first, 0, 0, 0]) : t)];

    private string Write(params (string? Entry, IReadOnlyList<TensorToWrite> Tensors)[] entries) =>
        _folder.Write("several.pth", RawTorch.Build(entries));

    private float FirstOf(string path, string? entry)
    {
        float first = float.NaN;
        BackboneLoader.Load(path, _model, (parameter, values) => first = parameter.Name == "cls_token" ? values[0] : first, entry);
        return first;
    }
}
