using System.Globalization;
using VptDsl.Data;
using VptDsl.MultiTask;
using VptDsl.Orleans;
using VptDsl.Serving;
using VptDsl.Testing.Documentation;
using VptDsl.Testing.Golden;
using VptDsl.Training;
using VptDsl.Training.Parallel;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Documentation;

/// <summary>Protects figures of the library in pages from growing stale: defaults, limits and recipes are what the code has.</summary>
public sealed class DefaultFigureTests
{
    private const string Started = "docs/getting-started.md", Serving = "docs/serving.md", Training = "docs/training.md",
        Parallel = "docs/parallel-training.md", Cluster = "docs/cluster.md", Data = "docs/data.md", CommandLine = "docs/cli.md";

    private static readonly FitOptions Fit = new();

    public static TheoryData<string, string, string> Figures
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach ((string page, string sentence, double actual) in Stated())
                data.Add(page, sentence, actual.ToString("#,0.####", CultureInfo.InvariantCulture));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void A_page_says_what_the_library_has(string page, string sentence, string actual) =>
        new Figure(page, sentence, actual).Check();

    [Fact]
    public void The_table_of_recipes_has_all_of_them_as_they_are()
    {
        MarkdownTable table = MarkdownTable.Of(Training).Single(table => table.Has("Optimiser", "Batch", "Warm-up"));
        string[] rows = [.. table.Rows.Select(row => row[0].Trim('`'))];
        foreach (string family in new[] { "vtab", "fgvc" })
        {
            Assert.Equal(
                Recipe.Published.Select(recipe => recipe.Name).Where(name => name.StartsWith(family, StringComparison.Ordinal)).Order(),
                rows.Select(row => $"{family}-{row}").Order());
            foreach (string[] row in table.Rows)
            {
                Recipe recipe = Recipe.Get($"{family}-{row[0].Trim('`')}");
                Assert.Equal(row[1].ToUpperInvariant(), recipe.Optimizer.ToString().ToUpperInvariant());
                Assert.Equal(Text(recipe.BatchSize), row[2].Split(';')[0]);
                Assert.Equal(Text(recipe.WarmupEpochs), row[3]);
            }
        }
    }

    [Theory]
    [InlineData("vtab-prompt", "prompt", ", VTAB 0.05 too", " 0.05")]
    [InlineData("fgvc-prompt", "prompt", ", VTAB 0.05 too", "")]
    [InlineData("vtab-prompt-larger-rates", "prompt-larger-rates", ": for Stanford Cars", "")]
    [InlineData("vtab-prompt-resnet", "prompt-resnet", "", "")]
    [InlineData("vtab-linear", "linear", "", "")]
    [InlineData("vtab-finetune", "finetune", "", "")]
    [InlineData("fgvc-finetune-resnet", "finetune-resnet", "VTAB: 0.5 to 0.00025, eight; FGVC: ", "")]
    public void The_table_of_recipes_has_their_rates(string recipe, string row, string words, string instead)
    {
        string cell = MarkdownTable.Of(Training).Single(table => table.Has("Optimiser", "Batch", "Warm-up"))
            .Rows.Single(cells => cells[0] == $"`{row}`")[^1];
        Assert.Contains(words, cell, StringComparison.Ordinal);
        string rates = words.Length == 0 ? cell : cell.Replace(words, instead, StringComparison.Ordinal);
        Assert.Equal(string.Join(' ', Recipe.Get(recipe).LearningRates.Select(Text)), rates);
    }

    [Fact]
    public void Sentences_about_recipes_are_true()
    {
        ReadsAs(Training, $"try the weight decays {Listed(Recipe.Get("vtab-prompt").WeightDecays.Select(Text))}");
        ReadsAs(Training, $"end with the seeds {Listed(Recipe.Get("vtab-prompt").Seeds.Select(seed => Text(seed)))}");
        ReadsAs("docs/results.md", $"with the seeds {Listed(Recipe.Get("vtab-prompt").Seeds.Select(seed => Text(seed)))}");
        Recipe resnet = Recipe.Get("vtab-finetune-resnet");
        Assert.Equal((0.5, 0.00025, 8), (resnet.LearningRates[0], resnet.LearningRates[^1], resnet.LearningRates.Length));
        Assert.All(Recipe.Published, recipe => Assert.Equal(100, recipe.Epochs));
        Assert.Equal(64, Recipe.Get("vtab-prompt").ForTokens(100).BatchSize);
        Assert.Equal(128, Recipe.Get("vtab-prompt").ForTokens(99).BatchSize);
    }

    [Fact]
    public void Times_that_sentences_say_in_words_are_true()
    {
        ReadsAs(Parallel, "after `StallTimeout` (a minute unless set)");
        ReadsAs(Parallel, "for `JoinTimeout` (a minute unless set)");
        using var leading = new LeadingWorkers("127.0.0.1:0", new string('x', 16), workers: 1);
        using var joining = new JoiningWorkers("127.0.0.1:1", new string('x', 16));
        TimeSpan minute = TimeSpan.FromMinutes(1);
        Assert.Equal((minute, minute), (leading.StallTimeout, joining.JoinTimeout));
        Assert.Throws<ArgumentException>(() => new JoiningWorkers("127.0.0.1:1", new string('x', 15)));
        ReadsAs(Cluster, "15 unless set");
        ReadsAs(Cluster, $"`{new ClusterSettings().Cluster}` unless set");
    }

    private static IEnumerable<(string Page, string Sentence, double Actual)> Stated()
    {
        var serving = new TaskServingOptions();
        MultiTaskOptions batching = serving.Batching;
        yield return (Serving, "beside what the system tells; @ s", serving.PollInterval.TotalSeconds);
        yield return (Serving, "`MaxBatch` @,", batching.MaxBatch);
        yield return (Serving, @"`BatchDelay` @ \(a batch starts", batching.BatchDelay.TotalSeconds);
        yield return (Serving, "`MaxWaiting` @,", batching.MaxWaiting);
        yield return (Serving, "`TaskMemoryBytes` @ GiB", batching.TaskMemoryBytes / (double)(1 << 30));
        yield return (Serving, @"`MaxImagePixels` \| @ MiB", serving.MaxImageBytes / (double)(1 << 20));
        yield return (Serving, @"`MaxImagePixels` \| [0-9]+ MiB and 2\^@ ", Math.Log2(serving.MaxImagePixels));
        yield return (Serving, @"`MaxConcurrentRequests` \| @ and", serving.MaxTasksPerRequest);
        yield return (Serving, @"`MaxConcurrentRequests` \| [0-9]+ and @ ", serving.MaxConcurrentRequests);

        yield return (Started, "SGD with momentum @ and", Optimizer.Sgd.Momentum);
        yield return (Started, @"weight decay @ \(not on", Optimizer.Sgd.WeightDecay);
        yield return (Started, "warm-up of @ epochs", Fit.Warmup);
        yield return (Started, @"`FeatureCacheBytes` \(@ GiB unless", Fit.FeatureCacheBytes / (double)(1 << 30));
        yield return (Started, @"\[room for @\]", new LinearHeadAttribute().Classes);
        yield return ("README.md", "the most that a task may have, @ unless stated", new LinearHeadAttribute().Classes);
        yield return (CommandLine, "from the folders of images, up to @; for more", new LinearHeadAttribute().Classes);
        yield return (CommandLine, "beside the task file, every @ steps", new Checkpoint("x").EverySteps);

        yield return (Parallel, @"`StartTimeout` \(@ seconds unless", StartTimeout());
        yield return (Cluster, "before its runs go to others; @ unless set", new ClusterSettings().DeadAfterSeconds);

        yield return ("docs/testing.md", "on the CPU and on the simulator: @ cases", GoldenCase.Names.Count);
        yield return (Data, "folder for each of the @ tasks of", VtabTask.All.Length);
        yield return (Data, "short side is 8/7 of it: @ for 384", ShortSide(384));
        yield return (Data, "for 384, @ for 448", ShortSide(448));
        yield return (Data, @"`Transforms.FgvcTest\(224\)` \| short side to @,", ShortSide(224));
    }

    /// <summary>What a pipeline's text says the short side is brought to.</summary>
    private static double ShortSide(int size) => double.Parse(
        System.Text.RegularExpressions.Regex.Match(Transforms.FgvcTest(size).ToString(), "[0-9]+").Value, CultureInfo.InvariantCulture);

    private static double StartTimeout()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", new string('x', 16), workers: 1);
        return leading.StartTimeout.TotalSeconds;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Listed(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    private static void ReadsAs(string page, string words) => Assert.Contains(
        words, string.Join(' ', RepositoryFiles.Read(page).Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)),
        StringComparison.Ordinal);
}
