using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

public sealed class ShardedWeightsTests : IDisposable
{
    private const string IndexName = "model.safetensors.index.json";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(IndexName)]
    [InlineData("")]
    public void A_backbone_in_two_files_loads_like_one_in_a_single_file(string given)
    {
        var model = SmallVit.Describe();
        var tensors = SmallVit.Backbone(model);
        SafetensorsWriter.Write(_folder.Path("1.safetensors"), tensors.Take(10));
        SafetensorsWriter.Write(_folder.Path("2.safetensors"), tensors.Skip(10));
        WriteIndex(tensors.Select((tensor, i) => $"\"{tensor.Name}\":\"{(i < 10 ? 1 : 2)}.safetensors\""));
        var loaded = new Dictionary<string, float[]>();

        BackboneLoader.Load(_folder.Path(given), model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).ToDictionary(p => p.Name, SmallVit.Values), loaded);
    }

    [Theory]
    [InlineData("pytorch_model.bin.index.json")]
    [InlineData("")]
    public void So_does_one_in_files_of_PyTorch(string given)
    {
        ModelDescription model = SmallVit.Describe();
        List<TensorToWrite> tensors = SmallVit.Backbone(model);
        string[] names = ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"];
        _folder.Write(names[0], RawTorch.Build((null, tensors[..10])));
        _folder.Write(names[1], RawTorch.Build((null, tensors[10..])));
        string map = string.Join(',', tensors.Select((tensor, i) => $"\"{tensor.Name}\":\"{names[i < 10 ? 0 : 1]}\""));
        File.WriteAllText(_folder.Path("pytorch_model.bin.index.json"), "{\"metadata\":{},\"weight_map\":{" + map + "}}");
        var loaded = new Dictionary<string, float[]>();

        BackboneLoader.Load(_folder.Path(given), model, (parameter, values) => loaded.Add(parameter.Name, values.ToArray()));

        Assert.Equal(model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).ToDictionary(p => p.Name, SmallVit.Values), loaded);
        using IWeightSource source = WeightFile.Open(_folder.Path(given));
        Assert.Equal("PyTorch .pth in 2 files", source.Format);
    }

    [Fact]
    public void A_directory_with_one_weight_file_is_that_file()
    {
        WriteShard("model.safetensors", "a");

        using var source = WeightFile.Open(_folder.Root);

        Assert.True(source.TryFind("a", out _));
    }

    [Fact]
    public void A_directory_without_weights_says_what_was_looked_for() => AssertBroken(_folder.Root, "neither model.safetensors nor");

    [Fact]
    public void A_missing_file_is_named()
    {
        WriteIndex(["\"a\":\"1.safetensors\""]);

        AssertBroken(_folder.Path(IndexName), "1.safetensors: the file does not exist");
    }

    [Fact]
    public void An_index_that_contradicts_the_files_is_an_error()
    {
        WriteShard("1.safetensors", "a");
        WriteShard("2.safetensors", "b");
        WriteIndex(["\"a\":\"2.safetensors\"", "\"b\":\"1.safetensors\""]);

        AssertBroken(_folder.Path(IndexName), "tensor \"a\": the index says that it is in \"2.safetensors\"");
    }

    [Fact]
    public void A_tensor_in_two_files_is_an_error()
    {
        WriteShard("1.safetensors", "a");
        WriteShard("2.safetensors", "a");
        WriteIndex(["\"a\":\"1.safetensors\"", "\"b\":\"2.safetensors\""]);

        AssertBroken(_folder.Path(IndexName), "tensor \"a\": it is in two of the files");
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\\\b")]
    [InlineData("c:file")]
    [InlineData("..")]
    [InlineData("")]
    public void An_index_cannot_point_outside_its_directory(string file)
    {
        WriteIndex([$"\"a\":\"{file}\""]);

        AssertBroken(_folder.Path(IndexName), "does not name a file beside it");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("\u00ff")]
    [InlineData("{\"weight_map\":{\"a\":\"\\ud800\"}}")]
    public void An_index_that_is_not_JSON_is_an_error(string content)
    {
        File.WriteAllBytes(_folder.Path(IndexName), System.Text.Encoding.Latin1.GetBytes(content));

        AssertBroken(_folder.Path(IndexName), "not valid JSON");
    }

    [Theory]
    [InlineData("[]", "no object called weight_map")]
    [InlineData("{\"weight_map\":[]}", "no object called weight_map")]
    [InlineData("{\"weight_map\":{\"a\":1}}", "does not name a file")]
    [InlineData("{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}", "lists it twice")]
    public void An_index_of_another_form_is_an_error(string content, string problem)
    {
        File.WriteAllText(_folder.Path(IndexName), content);

        AssertBroken(_folder.Path(IndexName), problem);
    }

    private static void AssertBroken(string path, string problem) =>
        Assert.Contains(problem, Assert.Throws<WeightFileException>(() => WeightFile.Open(path)).Message);

    private void WriteShard(string name, string tensor) =>
        SafetensorsWriter.Write(_folder.Path(name), [new TensorToWrite(tensor, [1], [0])]);

    private void WriteIndex(IEnumerable<string> entries) =>
        File.WriteAllText(_folder.Path(IndexName), $$$"""{"metadata":{"total_size":1},"weight_map":{ {{{string.Join(",", entries)}}} }}""");
}
