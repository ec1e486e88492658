using VptDsl.Programs;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Training.Recipes;

/// <summary>The published recipes are the paper's code's, and a recipe survives JSON.</summary>
public sealed class RecipeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Recipe.Published.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recipe_comes_back_from_JSON(string name)
    {
        Recipe recipe = Recipe.Get(name);
        File.WriteAllText(_folder.Path("r.json"), recipe.ToJson());
        Recipe loaded = Recipe.Load(_folder.Path("r.json"));
        Assert.Equal(recipe.ToJson(), loaded.ToJson());
        Assert.Equal<double>(recipe.LearningRates, loaded.LearningRates);
    }

    [Fact]
    public void What_a_file_leaves_out_has_the_usual_value()
    {
        string path = _folder.Path("short.json");
        File.WriteAllText(path, """{"name":"short","learningRates":[0.5]}""");
        Assert.Equal(new Recipe { Name = "short", LearningRates = [0.5] }.ToJson(), Recipe.Load(path).ToJson());
    }

    [Theory]
    [InlineData("vtab-prompt", 10, 128, 10)]
    [InlineData("fgvc-prompt", 9, 128, 10)]
    [InlineData("vtab-linear", 10, 1024, 10)]
    [InlineData("vtab-linear-mae", 13, 1024, 10)]
    [InlineData("vtab-finetune", 4, 384, 5)]
    [InlineData("fgvc-prompt-larger-rates", 4, 128, 10)]
    [InlineData("vtab-finetune-resnet", 8, 384, 5)]
    [InlineData("fgvc-finetune-resnet", 4, 384, 5)]
    [InlineData("vtab-prompt-resnet", 9, 128, 10)]
    public void Grids_batches_and_warm_ups_are_the_papers(string name, int rates, int batch, double warmup)
    {
        Recipe recipe = Recipe.Get(name);
        Assert.Equal((rates, batch, warmup), (recipe.LearningRates.Length, recipe.BatchSize, recipe.WarmupEpochs));
        Assert.Equal<double>([0.01, 0.001, 0.0001, 0], recipe.WeightDecays);
        Assert.Equal<int>([42, 44, 82, 100, 800], recipe.Seeds);
        Assert.Equal(100, recipe.Epochs);
        Assert.Equal(rates * 4, recipe.Grid.Count());
        Assert.Equal((recipe.LearningRates.Max(), 0.01), recipe.Grid.First());
    }

    [Fact]
    public void Options_are_those_of_the_papers_code()
    {
        FitOptions options = Recipe.Get("vtab-prompt").ForTokens(100).Options(learningRate: 5, weightDecay: 0.0001, seed: 7);
        Assert.Equal(
            (64, 5 * 64 / 256.0, ScheduleStep.PerEpoch, 7),
            (options.BatchSize, options.PeakLearningRate, options.ScheduleStep, options.Seed));
        Assert.Equal((OptimizerKind.Sgd, 0.0001f), (options.Optimizer.Kind, options.Optimizer.WeightDecay));
        Assert.Equal(OptimizerKind.AdamW, Recipe.Get("vtab-finetune").Options(0.001, 0.01, 0).Optimizer.Kind);
        Assert.Equal(128, Recipe.Get("vtab-prompt").ForTokens(50).BatchSize);
    }

    [Fact]
    public void Transforms_follow_the_family()
    {
        Assert.Contains("random-crop 224", Recipe.Get("fgvc-prompt").TrainPipeline().ToString(), StringComparison.Ordinal);
        Assert.Contains("center-crop 224", Recipe.Get("fgvc-prompt").TestPipeline().ToString(), StringComparison.Ordinal);
        Assert.Equal(Recipe.Get("vtab-prompt").TrainPipeline(), Recipe.Get("vtab-prompt").TestPipeline());
    }

    [Theory]
    [InlineData("""{"name":"a","learningRates":[]}""", "learningRates is empty")]
    [InlineData("""{"name":"a","learningRates":[0]}""", "learningRates must be above 0")]
    [InlineData("""{"name":"a","learningRates":[1],"weightDecays":[-1]}""", "weightDecays must be 0 or more")]
    [InlineData("""{"name":"a","learningRates":[1],"epochs":5}""", "less than epochs")]
    [InlineData("""{"name":"a","learningRates":[1],"rates":[1]}""", "rates")]
    [InlineData("""{"name":"a"}""", "learningRates")]
    [InlineData("null", "no recipe in it")]
    [InlineData("{", "r.json")]
    public void What_makes_no_sense_is_said(string json, string problem)
    {
        File.WriteAllText(_folder.Path("r.json"), json);
        string message = Assert.Throws<RecipeException>(() => Recipe.Load(_folder.Path("r.json"))).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains("ToJson()", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_no_choice_has_is_said()
    {
        Recipe recipe = Recipe.Published[0];

        Assert.Contains("optimizer must be one of Sgd, AdamW", Problem(recipe with { Optimizer = (OptimizerKind)77 }));
        Assert.Contains("scheduleStep must be one of", Problem(recipe with { ScheduleStep = (ScheduleStep)77 }));
        Assert.Contains("judgedEpoch must be one of", Problem(recipe with { JudgedEpoch = (JudgedEpoch)77 }));
        Assert.Contains("transforms must be one of", Problem(recipe with { Transforms = (RecipeTransforms)77 }));

        string Problem(Recipe bad) => Assert.Throws<ArgumentException>(
            () => new Sweep(bad, _ => throw new NotSupportedException(), _folder.Path("results")).Run(
                ToySets.BrightRows(3, seed: 1), ToySets.BrightRows(3, seed: 1))).Message;
    }

    [Fact]
    public void A_missing_file_and_an_unknown_name_are_errors()
    {
        Assert.Contains(
            "none.json", Assert.Throws<RecipeException>(() => Recipe.Load(_folder.Path("none.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("vtab-linear", Assert.Throws<ArgumentException>(() => Recipe.Get("x")).Message, StringComparison.Ordinal);
    }
}
