using System.Collections.Immutable;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Tests.Weights;
using VptDsl.Weights;

namespace VptDsl.Tests.Tasks;

/// <summary>A task file says how its images are read, and is small.</summary>
public sealed class TaskPipelineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe();

    public void Dispose() => _folder.Dispose();

    private string TaskPath => _folder.Path("task");

    [Fact]
    public void The_pipeline_comes_back()
    {
        ImagePipeline pipeline = Transforms.FgvcTest(224, Normalization.Symmetric);
        TaskFile.Save(TaskPath, _model, "", null, SmallVit.Values, pipeline);
        Assert.Equal(pipeline, TaskFile.Inspect(TaskPath).Pipeline);
    }

    [Fact]
    public void A_task_file_without_one_is_read()
    {
        TaskFile.Save(TaskPath, _model, "", null, SmallVit.Values);
        Assert.Null(TaskFile.Inspect(TaskPath).Pipeline);
    }

    [Fact]
    public void A_damaged_pipeline_is_an_error()
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "vptdsl-task",
            ["version"] = "1",
            ["declaration"] = "",
            ["backbone_sha256"] = "",
            ["transform"] = "enhance 224 | normalize 0 / 1",
        };
        SafetensorsWriter.Write(TaskPath, [], metadata);
        Assert.Contains(
            "transform cannot be read",
            Assert.Throws<WeightFileException>(() => TaskFile.Inspect(TaskPath)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resize-short-side 256 bilinear | center-crop 224")]
    [InlineData("resize 224 legacy-bilinear")]
    public void Without_chance_crops_come_from_the_middle(string measuring)
    {
        string numbers = $"normalize {Normalization.ImageNet}";
        string training = measuring.Replace("center-crop 224", "random-crop 224 | random-flip 0.5", StringComparison.Ordinal);
        ImagePipeline pipeline = ImagePipeline.Parse($"{training} | {numbers}").WithoutChance();
        Assert.Equal($"{measuring} | {numbers}", pipeline.ToString());
        Assert.False(pipeline.IsRandom);
    }

    [Fact]
    public void Fifty_deep_prompts_and_a_hundred_classes_of_ViT_Base_take_less_than_2_2_megabytes()
    {
        const int Width = 768, Layers = 12, Tokens = 50, Classes = 100;
        ParameterDescription Trained(string name, ParameterKind kind, params int[] shape) =>
            new(name, [.. shape], kind, Trained: true, Offset: 0, Initializer: default);
        ImmutableArray<ParameterDescription> parameters =
        [
            .. Enumerable.Range(0, Layers).Select(layer => Trained($"prompts.{layer}", ParameterKind.Prompt, Tokens, Width)),
            Trained("head.weight", ParameterKind.Head, Classes, Width),
            Trained("head.bias", ParameterKind.Head, Classes),
        ];
        ModelDescription model = _model with { Parameters = parameters, Classes = Classes, Declaration = new string('d', 200) };
        string[] names = [.. Enumerable.Range(0, Classes).Select(i => $"a class whose name is quite long {i}")];

        TaskFile.Save(TaskPath, model, new string('0', 64), names, p => new float[p.Count], Transforms.FgvcTest(224));

        Assert.InRange(new FileInfo(TaskPath).Length, 4 * ((Layers * Tokens * Width) + (Classes * (Width + 1))), 2_200_000);
    }
}
