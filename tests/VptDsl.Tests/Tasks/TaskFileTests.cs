using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Tests.Weights;
using VptDsl.Weights;

namespace VptDsl.Tests.Tasks;

public sealed class TaskFileTests : IDisposable
{
    private const string Hash = "0123456789abcdef";

    private static readonly string[] Classes = ["Löwenzahn", "rose, \"red\"", "空", "a\tb", ""];

    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe(trainedToo: "norm.bias");
    private readonly Dictionary<string, float[]> _loaded = [];
    private readonly string _path;

    public TaskFileTests() => _path = _folder.Path("flowers.task.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prompts_head_and_whatever_else_is_trained_come_back_to_the_bit()
    {
        TaskFile.Save(_path, _model, Hash, Classes, SmallVit.Values);

        var info = Load();

        string[] expected = ["head.bias", "head.weight", "norm.bias", "prompts.0", "prompts.1"];
        Assert.Equal(expected, _loaded.Keys.Order(StringComparer.Ordinal));
        Assert.All(_model.Parameters.Where(parameter => _loaded.ContainsKey(parameter.Name)), parameter =>
            Assert.Equal(SmallVit.Values(parameter), _loaded[parameter.Name]));
        Assert.Equal(_model.Declaration, info.Declaration);
        Assert.Equal(Hash, info.BackboneHash);
        Assert.Equal<string>(Classes, info.ClassNames!.Value);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_task_with_fewer_classes_than_there_is_room_for_keeps_the_others_out(int classes)
    {
        ModelDescription ofTask = SmallVit.Describe(classes: classes, trainedToo: "norm.bias");
        Assert.Equal(ofTask.Declaration, _model.WithClasses(classes).Declaration);
        TaskFile.Save(_path, _model.WithClasses(classes), Hash, Classes[..classes], SmallVit.Values);
        byte[] narrow = File.ReadAllBytes(_path);

        TaskInfo info = Load();

        Assert.Equal(classes, info.Classes);
        Assert.Equal(Classes[..classes], info.ClassNames!.Value);
        float[] weight = SmallVit.Values(ofTask.Parameters.Single(p => p.Name == "head.weight"));
        float[] bias = SmallVit.Values(ofTask.Parameters.Single(p => p.Name == "head.bias"));
        Assert.Equal([.. weight, .. new float[(5 - classes) * 4]], _loaded["head.weight"]);
        Assert.Equal([.. bias, .. Enumerable.Repeat(-1e30f, 5 - classes)], _loaded["head.bias"]);
        TaskFile.Save(_path, ofTask, Hash, Classes[..classes], SmallVit.Values);
        Assert.Equal(narrow, File.ReadAllBytes(_path));
    }

    [Fact]
    public void More_classes_than_there_is_room_for_are_an_error_with_both_numbers()
    {
        TaskFile.Save(_path, _model, Hash, Classes, SmallVit.Values);

        string message = Assert.Throws<WeightFileException>(() => Load(SmallVit.Describe(classes: 4, trainedToo: "norm.bias"))).Message;

        Assert.Contains("the task has 5 classes, but the head of Small has room for 4", message);
        Assert.Contains("Declare the head with Classes = 5, or more.", message);
        Assert.Empty(_loaded);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData("99999999999")]
    public void A_number_of_classes_that_is_none_is_another_declaration(string classes)
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);
        Rewrite((tensors, metadata) => metadata["declaration"] = metadata["declaration"].Replace("classes=5", $"classes={classes}"));

        Assert.Contains("the task was trained with another declaration", Assert.Throws<WeightFileException>(() => Load()).Message);
        Assert.Null(TaskFile.Inspect(_path).Classes);
    }

    [Fact]
    public void Class_names_may_be_left_out()
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);

        Assert.Null(Load().ClassNames);
    }

    [Fact]
    public void A_task_file_can_be_inspected_without_a_model()
    {
        TaskFile.Save(_path, _model, Hash, Classes, SmallVit.Values);

        Assert.Equal(_model.Declaration, TaskFile.Inspect(_path).Declaration);
    }

    [Fact]
    public void Saving_the_same_task_gives_the_same_bytes()
    {
        TaskFile.Save(_path, _model, Hash, Classes, SmallVit.Values);
        byte[] first = File.ReadAllBytes(_path);

        TaskFile.Save(_path, _model with { Parameters = [.. _model.Parameters.Reverse()] }, Hash, Classes, SmallVit.Values);

        Assert.Equal(first, File.ReadAllBytes(_path));
    }

    [Fact]
    public void ViT_Base_with_50_deep_prompts_and_100_classes_takes_less_than_2_2_MB()
    {
        var model = SmallVit.Describe(width: 768, layers: 12, tokens: 50, classes: 100, patch: 16, image: 224);

        TaskFile.Save(_path, model, new string('0', 64), [.. Enumerable.Range(0, 100).Select(i => $"class number {i}")], SmallVit.Values);

        Assert.InRange(new FileInfo(_path).Length, 4L * ((12 * 50 * 768) + (100 * 768) + 100), 2_200_000);
    }

    [Fact]
    public void Another_declaration_is_an_error_that_shows_both()
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);
        var other = SmallVit.Describe(tokens: 4);

        var error = Assert.Throws<WeightFileException>(() => Load(other));

        Assert.Contains(_model.Declaration, error.Message);
        Assert.Contains(other.Declaration, error.Message);
        Assert.Empty(_loaded);
    }

    [Fact]
    public void Another_backbone_is_an_error_that_shows_both()
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);

        var error = Assert.Throws<WeightFileException>(() => Load(backboneHash: "fedcba"));

        Assert.Contains(Hash, error.Message);
        Assert.Contains("fedcba", error.Message);
        Assert.Empty(_loaded);
    }

    [Fact]
    public void A_backbone_file_is_no_task_file()
    {
        SafetensorsWriter.Write(_path, SmallVit.Backbone(_model), new Dictionary<string, string> { ["format"] = "pt" });

        Assert.Contains("not a task file", Assert.Throws<WeightFileException>(() => Load()).Message);
    }

    [Theory]
    [InlineData("version", "2", "version \"2\", but this library reads version 1")]
    [InlineData("version", null, "does not say its version")]
    [InlineData("declaration", null, "does not say its declaration")]
    [InlineData("backbone_sha256", null, "does not say its backbone_sha256")]
    [InlineData("class_names", "[\"a\"]", "names 1 class, but the task has 5")]
    [InlineData("class_names", "[null]", "not a list of strings")]
    [InlineData("class_names", "{}", "not a list of strings")]
    [InlineData("class_names", "null", "not a list of strings")]
    [InlineData("class_names", "", "not a list of strings")]
    public void A_header_that_is_not_as_it_was_saved_is_an_error(string key, string? value, string problem)
    {
        TaskFile.Save(_path, _model, Hash, Classes, SmallVit.Values);
        Rewrite((tensors, metadata) =>
        {
            metadata.Remove(key);
            if (value is not null)
            {
                metadata[key] = value;
            }
        });

        Assert.Contains(problem, Assert.Throws<WeightFileException>(() => Load()).Message);
        Assert.Empty(_loaded);
    }

    [Fact]
    public void A_bit_that_is_not_as_it_was_saved_is_an_error_wherever_it_is()
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);
        byte[] whole = File.ReadAllBytes(_path);
        int data = sizeof(long) + (int)BitConverter.ToInt64(whole);
        for (int i = data; i < whole.Length; i += 7)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 1;
            File.WriteAllBytes(_path, damaged);

            Assert.Contains("its content is not what VptDsl wrote", Assert.Throws<WeightFileException>(() => Load()).Message);
            Assert.Contains("its content is not", Assert.Throws<WeightFileException>(() => TaskFile.Inspect(_path)).Message);
        }

        Assert.Empty(_loaded);
    }

    [Fact]
    public void A_task_file_without_a_hash_as_older_versions_wrote_is_read()
    {
        TaskFile.Save(_path, _model, Hash, Classes, SmallVit.Values);
        Rewrite((tensors, metadata) => { });

        Assert.Equal(Hash, Load().BackboneHash);
    }

    [Fact]
    public void Numbers_that_are_none_are_neither_saved_nor_read()
    {
        Assert.Contains(
            "prompts.1 of Small has elements that are NaN or infinite",
            Assert.Throws<InvalidOperationException>(() => TaskFile.Save(_path, _model, Hash, null, Spoiled)).Message);
        Assert.Empty(_folder.Files);

        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);
        Rewrite((tensors, metadata) =>
        {
            int i = tensors.FindIndex(tensor => tensor.Name == "prompts.1");
            tensors[i] = new TensorToWrite(tensors[i].Name, tensors[i].Shape, [float.NaN, .. tensors[i].Read().ToArray()[1..]]);
        });
        Assert.Contains("tensor \"prompts.1\": it has elements that are NaN", Assert.Throws<WeightFileException>(() => Load()).Message);
        Assert.Empty(_loaded);

        static float[] Spoiled(ParameterDescription parameter) =>
            parameter.Name == "prompts.1" ? [.. SmallVit.Values(parameter)[1..], float.PositiveInfinity] : SmallVit.Values(parameter);
    }

    [Fact]
    public void Missing_extra_and_misshaped_tensors_are_one_error()
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);
        Rewrite((tensors, metadata) =>
        {
            tensors.RemoveAll(tensor => tensor.Name is "prompts.1" or "head.bias");
            tensors.Add(new TensorToWrite("head.bias", [6], new float[6]));
            tensors.Add(new TensorToWrite("prompts.2", [3, 4], new float[12]));
        });

        var error = Assert.Throws<WeightFileException>(() => Load());

        Assert.Contains("1 missing: prompts.1 [3, 4]", error.Message);
        Assert.Contains("head.bias is [6] in the file, [5] in the model", error.Message);
        Assert.Contains("\"prompts.2\" [3, 4]", error.Message);
        Assert.Empty(_loaded);
    }

    [Fact]
    public void Class_names_of_another_number_are_refused_before_anything_is_written()
    {
        var error = Assert.Throws<ArgumentException>(() => TaskFile.Save(_path, _model, Hash, ["one"], SmallVit.Values));

        Assert.Contains("1 class names were given, but Small tells 5 classes apart", error.Message);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void A_save_that_fails_midway_leaves_the_old_task()
    {
        TaskFile.Save(_path, _model, Hash, null, SmallVit.Values);
        byte[] old = File.ReadAllBytes(_path);
        float[] FailAtLast(ParameterDescription parameter) =>
            parameter.Name == "prompts.1" ? throw new InvalidOperationException("device lost") : new float[parameter.Count];

        Assert.Throws<InvalidOperationException>(() => TaskFile.Save(_path, _model, Hash, null, FailAtLast));

        Assert.Equal(old, File.ReadAllBytes(_path));
        Assert.Single(_folder.Files);
    }

    private TaskInfo Load(ModelDescription? model = null, string backboneHash = Hash) =>
        TaskFile.Load(_path, model ?? _model, backboneHash, (parameter, values) => _loaded.Add(parameter.Name, values));

    private void Rewrite(Action<List<TensorToWrite>, Dictionary<string, string>> change)
    {
        List<TensorToWrite> tensors;
        Dictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(_path))
        {
            tensors =
            [
                .. file.Tensors.Select(tensor =>
                    new TensorToWrite(tensor.Name, [.. tensor.Shape.Select(d => (int)d)], file.ReadFloats(tensor.Name))),
            ];
            metadata = file.Metadata.Where(pair => pair.Key != "sha256").ToDictionary();
        }

        change(tensors, metadata);
        SafetensorsWriter.Write(_path, tensors, metadata);
    }
}
