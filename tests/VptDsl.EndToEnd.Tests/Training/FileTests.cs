using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Inspection;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>What is saved comes back as it was, and nowhere it does not belong.</summary>
public sealed class FileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-files-");
    private readonly Device _device = Device.Cpu(threads: 2);

    public static TheoryData<string> Models => ModelCase.Names;

    public void Dispose()
    {
        _device.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_task_on_the_same_backbone_predicts_the_same(string model)
    {
        using Tuner tuner = ModelCase.All[model].Create(_device, 1);
        tuner.SaveBackbone(At("backbone"));
        tuner.Fit(ModelCase.DrawSet(tuner, 8, seed: 1), options: ModelCase.Options);
        tuner.SaveTask(At("task"));
        float[] images = ModelCase.DrawImages(tuner, 3, seed: 2);
        float[] expected = tuner.Predict(images);

        using Tuner fresh = ModelCase.All[model].Load(_device, At("backbone"), 99);
        Assert.NotEqual(expected, fresh.Predict(images));
        fresh.LoadTask(At("task"));

        Assert.Equal(expected, fresh.Predict(images));
        Assert.Equal(tuner.ClassNames, fresh.ClassNames);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_backbone_comes_back_as_it_was_saved(string model)
    {
        using Tuner tuner = ModelCase.All[model].Create(_device, 1);
        tuner.Train(batch: 3, steps: 2);
        tuner.SaveBackbone(At("first"));
        using Tuner loaded = ModelCase.All[model].Load(_device, At("first"), 99);
        loaded.SaveBackbone(At("second"));

        Assert.Equal(File.ReadAllBytes(At("first")), File.ReadAllBytes(At("second")));
        Assert.Equal(tuner.Model.Parameters.Count(p => p.Kind == ParameterKind.Backbone), loaded.Weights!.Loaded);
        Assert.Empty(loaded.Weights.Ignored);
    }

    [Fact]
    public void A_backbone_of_images_that_are_no_squares_tells_its_sizes()
    {
        using Tuner tuner = WideImages.Create(_device);
        tuner.SaveBackbone(At("backbone"));

        Assert.Equal(
            "[Vit(Width = 22, Layers = 3, Heads = 2, Mlp = 37, PatchHeight = 3, PatchWidth = 5, ImageHeight = 6, ImageWidth = 40)]",
            CheckpointInspector.Describe(At("backbone")).Attribute);
        using Tuner loaded = WideImages.Load(_device, At("backbone"));
        Assert.Null(loaded.Weights!.Positions);
    }

    [Fact]
    public void A_task_of_another_declaration_is_an_error_that_shows_both()
    {
        using Tuner deep = PrimeDeep.Create(_device), shallow = OddShallow.Create(_device);
        shallow.SaveTask(At("task"));
        float[] before = deep.Trained();

        var error = Assert.Throws<WeightFileException>(() => deep.LoadTask(At("task")));

        Assert.Contains("another declaration", error.Message, StringComparison.Ordinal);
        Assert.Contains(deep.Model.Declaration, error.Message, StringComparison.Ordinal);
        Assert.Contains(shallow.Model.Declaration, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, deep.Trained());
    }

    [Fact]
    public void A_task_of_another_backbone_is_an_error()
    {
        using Tuner one = PrimeDeep.Create(_device, seed: 1), other = PrimeDeep.Create(_device, seed: 2);
        one.SaveTask(At("task"));
        float[] before = other.Trained();

        var error = Assert.Throws<WeightFileException>(() => other.LoadTask(At("task")));

        Assert.Contains("another backbone", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Trained());
    }

    [Fact]
    public void A_backbone_of_other_sizes_is_one_error_that_lists_every_difference()
    {
        using (Tuner late = LateDeep.Create(_device))
            late.SaveBackbone(At("backbone"));

        var error = Assert.Throws<WeightFileException>(() => ScatteredCarried.Load(_device, At("backbone")));

        // Both have five layers of the same twelve tensors, and no two tensors are of one size.
        using Tuner expected = ScatteredCarried.Create(_device);
        int differing = expected.Model.Parameters.Count(p => p.Kind == ParameterKind.Backbone);
        Assert.Contains($"{differing} of another shape", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "patch_embed.proj.weight is [22, 2, 4, 4] in the file, [20, 3, 5, 5] in the model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_with_fewer_layers_is_one_error_that_lists_what_is_missing()
    {
        using (Tuner three = OddProbe.Create(_device))
            three.SaveBackbone(At("backbone"));

        var error = Assert.Throws<WeightFileException>(() => DeeperProbe.Load(_device, At("backbone")));

        Assert.Contains("24 missing: blocks.3.", error.Message, StringComparison.Ordinal);
        Assert.Contains("blocks.4.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_file_is_no_task_file()
    {
        using Tuner tuner = PrimeDeep.Create(_device);
        tuner.SaveBackbone(At("backbone"));
        var error = Assert.Throws<WeightFileException>(() => tuner.LoadTask(At("backbone")));
        Assert.Contains("not a task file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_backbone_serves_every_scheme()
    {
        using Tuner source = OddProbe.Create(_device, seed: 3);
        source.SaveBackbone(At("backbone"));
        using Tuner prompted = PromptedProbe.Load(_device, At("backbone"), seed: 4);
        prompted.SaveBackbone(At("again"));
        Assert.Equal(File.ReadAllBytes(At("backbone")), File.ReadAllBytes(At("again")));
    }

    [Fact]
    public void What_tensors_do_not_tell_is_saved_with_a_backbone()
    {
        using Tuner source = DeeperProbe.Create(_device);
        source.Pipeline = new ImagePipeline(new Normalization(0.25f, 0.5f));
        source.SaveBackbone(At("backbone"));

        using Tuner loaded = DeeperProbe.Load(_device, At("backbone"));
        Assert.Equal(
            "normalisation 0.25 / 0.5 (metadata), image size 15 (metadata), heads 1 (metadata), epsilon 1E-06 (metadata), "
                + "activation gelu (metadata)",
            loaded.Weights!.Facts.ToString());
        var error = Assert.Throws<WeightFileException>(() => ManyHeads.Load(_device, At("backbone")));
        Assert.Contains("1 attention heads (metadata), but ManyHeads has 11. Declare Heads = 1", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<WeightFileException>(() => DeeperProbe.Load(_device, At("backbone"), entry: "teacher", seed: 1));
        Assert.Contains("has no entries", error.Message, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name + ".safetensors");
}
