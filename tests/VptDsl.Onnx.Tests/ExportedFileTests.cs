using System.Globalization;
using VptDsl.Data;
using VptDsl.EndToEnd.Models;
using VptDsl.Onnx.Format;
using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Onnx.Tests;

/// <summary>What is in a file, and what is there when something goes wrong.</summary>
public sealed class ExportedFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("onnx").FullName;
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly Tuner _tuner;

    public ExportedFileTests() => _tuner = DeclaredModels.Create(nameof(VitDeepAdamw), _device);

    private string Target => Path.Combine(_directory, "model.onnx");

    private string[] Files => [.. Directory.EnumerateFiles(_directory).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _tuner.Dispose();
        _device.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Weights_have_the_names_of_the_model_and_prompts_are_keys_and_values()
    {
        ModelProto model = Export();
        HashSet<string> weights = [.. model.Graph.Initializer.Select(i => i.Name)];

        Assert.Superset(
            new HashSet<string>
            {
                "blocks.1.mlp.fc1.weight", "norm.weight", "head.weight", "head.bias", "block.1/promptKey", "block.1/promptValue",
            },
            weights);
        Assert.DoesNotContain(weights, name => name.StartsWith("prompts.", StringComparison.Ordinal));
        Assert.DoesNotContain(model.Graph.Node, node => node.Name.Contains("promptNormalized", StringComparison.Ordinal));
        Assert.Equal(["images"], model.Graph.Input.Select(i => i.Name));
        Assert.Equal(["logits"], model.Graph.Output.Select(o => o.Name));
    }

    [Fact]
    public void The_last_layer_computes_the_class_token_alone()
    {
        IEnumerable<NodeProto> products = Export().Graph.Node
            .Where(n => n.OpType == "Gemm" && n.Name.StartsWith("block.2/", StringComparison.Ordinal));

        // Rows of all images are one matrix, but for one row an image; keys and values are those of every token.
        Assert.Equal(
            ["block.2/activated", "block.2/afterAttention", "block.2/keyValue", "block.2/query", "block.2/tokens"],
            products.Select(n => n.Name.Split("/product")[0].Split("/matrix")[0]).Order(StringComparer.Ordinal));
        using var session = new Session(Target);
        Assert.Equal([-1, 5], session.Outputs["logits"].Dimensions);
    }

    [Fact]
    public void Metadata_say_what_a_task_file_says()
    {
        _tuner.Pipeline = Transforms.Vtab(32).WithNormalization(Normalization.Symmetric);
        _tuner.ExportOnnx(Target);
        using var session = new Session(Target);
        Dictionary<string, string> metadata = session.Metadata.CustomMetadataMap;

        Assert.Equal("vptdsl-onnx", metadata["format"]);
        Assert.Equal(_tuner.Model.Declaration, metadata["declaration"]);
        Assert.Equal(64, metadata["backbone_sha256"].Length);
        Assert.Equal(_tuner.Pipeline, ImagePipeline.Parse(metadata["transform"]));
        Assert.Equal(Normalization.Symmetric.ToString(), metadata["normalization"]);
        Assert.Equal("VptDsl", session.Metadata.ProducerName);
        Assert.Equal(nameof(VitDeepAdamw), session.Metadata.GraphName);
    }

    [Fact]
    public void A_file_has_as_many_classes_as_the_task()
    {
        _tuner.ResetHead(3);
        _tuner.ExportOnnx(Target);
        float[] images = DeclaredModels.DrawImages(_tuner, 2);
        using var session = new Session(Target);
        (float[] logits, int[] shape) = session.Run(images);

        Assert.Equal([2, 3], shape);
        Assert.InRange(RelativeError.Of(logits, DeclaredModels.Infer(_tuner, images)), 0, 1e-5);
    }

    [Fact]
    public void One_file_serves_tasks_of_different_numbers_of_classes()
    {
        _tuner.ExportOnnx(Target, new OnnxOptions { TaskInputs = true });
        using var session = new Session(Target);
        float[] images = DeclaredModels.DrawImages(_tuner, 2);
        foreach (int classes in new[] { 5, 2, 4 })
        {
            _tuner.ResetHead(classes);
            string task = Path.Combine(_directory, "task.safetensors");
            _tuner.SaveTask(task);
            using var file = Weights.SafetensorsFile.Open(task);
            var inputs = session.Inputs.Keys.Except(["images"])
                .ToDictionary(name => name, name => (file.ReadFloats(name), file.Find(name).Shape.Select(d => (int)d).ToArray()));
            (float[] logits, int[] shape) = session.Run(images, inputs);

            Assert.Equal([2, classes], shape);
            Assert.InRange(RelativeError.Of(logits, DeclaredModels.Infer(_tuner, images)), 0, 1e-5);
        }
    }

    [Fact]
    public void A_file_follows_what_was_trained_since()
    {
        float[] images = DeclaredModels.DrawImages(_tuner, 1);
        DeclaredModels.Infer(_tuner, images);
        ParameterDescription prompts = _tuner.Model.Parameters.Single(p => p.Name == "prompts.1");
        _tuner.Compiled.Write(new(prompts.Region, prompts.Offset), new float[prompts.Count]);
        _tuner.ExportOnnx(Target);
        using var session = new Session(Target);

        Assert.InRange(RelativeError.Of(session.Run(images).Logits, DeclaredModels.Infer(_tuner, images)), 0, 1e-5);
    }

    [Fact]
    public void Weights_beside_the_model_are_found_wherever_both_lie()
    {
        float[] images = DeclaredModels.DrawImages(_tuner, 1);
        _tuner.ExportOnnx(Target, new OnnxOptions { WeightsBeside = true });
        Assert.Equal(2, Files.Length);
        Assert.Matches(@"^model\.[0-9a-f]{16}\.weights$", Files[0]);

        string moved = Directory.CreateDirectory(Path.Combine(_directory, "moved")).FullName;
        foreach (string file in Files)
            File.Move(Path.Combine(_directory, file), Path.Combine(moved, file));
        using var session = new Session(Path.Combine(moved, "model.onnx"));
        Assert.InRange(RelativeError.Of(session.Run(images).Logits, DeclaredModels.Infer(_tuner, images)), 0, 1e-5);
    }

    [Fact]
    public void Other_weights_beside_a_model_leave_those_of_a_file_that_still_reads_them()
    {
        _tuner.ExportOnnx(Target, new OnnxOptions { WeightsBeside = true });
        string[] before = Files;
        using (Tuner other = DeclaredModels.Create(nameof(VitShallow), _device))
            other.ExportOnnx(Target, new OnnxOptions { WeightsBeside = true });

        Assert.Superset(before.ToHashSet(), Files.ToHashSet());
        Assert.Equal(3, Files.Length);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Target));
        IEnumerable<string> read = model.Graph.Initializer
            .SelectMany(i => i.ExternalData).Where(e => e.Key == "location").Select(e => e.Value).Distinct();
        Assert.Equal(Files.Except(before), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void The_same_model_gives_the_same_bytes_in_every_culture_and_on_every_thread(string culture)
    {
        _tuner.ExportOnnx(Target);
        byte[] expected = File.ReadAllBytes(Target);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Parallel.For(0, 4, i =>
            {
                string file = Path.Combine(_directory, i.ToString(CultureInfo.InvariantCulture));
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                _tuner.Predict(DeclaredModels.DrawImages(_tuner, 1 + i));
                _tuner.ExportOnnx(file);
                Assert.Equal(expected, File.ReadAllBytes(file));
            });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_place_that_is_no_good_is_named()
    {
        Assert.Contains("directory", Assert.Throws<IOException>(() => _tuner.ExportOnnx(_directory)).Message, StringComparison.Ordinal);
        string nowhere = Path.Combine(_directory, "none", "model.onnx");
        Assert.Contains(nowhere, Assert.Throws<IOException>(() => _tuner.ExportOnnx(nowhere)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _tuner.ExportOnnx(" "));
        Assert.Throws<ArgumentNullException>(() => _tuner.ExportOnnx(null!));
        Assert.Throws<ArgumentNullException>(() => OnnxExport.ExportOnnx(null!, Target));
        Assert.Empty(Files);
    }

    [SkippableFact]
    public void A_full_disk_is_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is Linux's.");
        Assert.Throws<IOException>(() => _tuner.ExportOnnx("/dev/full"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_export_that_is_stopped_leaves_the_old_file(bool weightsBeside)
    {
        File.WriteAllText(Target, "old");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => _tuner.ExportOnnx(Target, new OnnxOptions { WeightsBeside = weightsBeside }, stop.Token));

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["model.onnx"], Files);
    }

    [Theory]
    [InlineData("blocks.1.mlp.fc1.weight", float.NaN, false)]
    [InlineData("head.weight", float.PositiveInfinity, true)]
    [InlineData("prompts.2", float.NaN, false)]
    public void Numbers_that_are_none_are_not_written(string parameter, float number, bool weightsBeside)
    {
        File.WriteAllText(Target, "old");
        ParameterDescription damaged = _tuner.Model.Parameters.Single(p => p.Name == parameter);
        float[] values = _tuner.Compiled.Read(damaged);
        values[^1] = number;
        _tuner.Compiled.Write(new(damaged.Region, damaged.Offset), values);
        string message = Assert.Throws<InvalidOperationException>(
            () => _tuner.ExportOnnx(Target, new OnnxOptions { WeightsBeside = weightsBeside })).Message;

        string named = parameter.StartsWith("prompts", StringComparison.Ordinal) ? "prompt" : parameter;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["model.onnx"], Files);
    }

    [Fact]
    public void A_model_of_a_project_without_this_library_is_told_so()
    {
        using var tuner = new Undeclared(_device, DeclaredModels.Create(nameof(VitShallow), _device).Compiled);
        string message = Assert.Throws<ArgumentException>(() => tuner.ExportOnnx(Target)).Message;

        Assert.Contains("does not reference VptDsl.Onnx", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_was_disposed_of_is_not_exported()
    {
        _tuner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _tuner.ExportOnnx(Target));
        Assert.Empty(Files);
    }

    [Fact]
    public void Texts_say_what_things_are()
    {
        Assert.Equal("the task in the file, weights in it where they fit", new OnnxOptions().ToString());
        Assert.Equal("the task as inputs, weights beside it", new OnnxOptions { TaskInputs = true, WeightsBeside = true }.ToString());
        Assert.EndsWith("as an ONNX graph", ((IOnnxModel)_tuner).DescribeForOnnx().ToString(), StringComparison.Ordinal);
    }

    private ModelProto Export()
    {
        _tuner.ExportOnnx(Target);
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(Target));
    }

    private sealed class Undeclared(Device device, ModelProgram program) : Tuner(device, program);
}
