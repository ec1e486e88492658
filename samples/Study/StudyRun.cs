using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;
using VptDsl;
using VptDsl.Programs;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace Study;

/// <summary>Runs protocols and keeps what came out; whatever is there already is not run again.</summary>
/// <param name="device">Where to train.</param>
/// <param name="dataFolder">The folder with the tasks' images and the backbone.</param>
/// <param name="output">The folder of the study's results.</param>
/// <param name="quick">
/// Whether two epochs at one rate and with one seed are enough: that shows that everything works, and measures nothing.
/// </param>
internal sealed class StudyRun(Device device, string dataFolder, string output, bool quick)
{
    /// <summary>The option of the program that asks for a quick study.</summary>
    public const string QuickOption = "--quick";

    /// <summary>The test images whose features are drawn.</summary>
    public const int DrawnImages = 500;

    private readonly Dictionary<(StudyTask Task, double Fraction), StudyData> _data = [];

    private readonly string _backbone = Path.Combine(dataFolder, "character-vit.safetensors");

    /// <summary>Chooses a protocol's settings on a task's validation images, then measures it on its test images.</summary>
    public Outcome Run(Protocol protocol, StudyTask task, double fraction = 1)
    {
        StudyData data = DataOf(task, fraction);
        string results = FileOf(protocol, task, fraction, ".jsonl");
        Directory.CreateDirectory(Path.GetDirectoryName(results)!);
        ModelDescription? model = null;
        var sweep = new Sweep(quick ? Shorten(protocol.Recipe) : protocol.Recipe, Load, results)
        {
            Progress = ProgressDisplay.Off,
            CheckpointEverySteps = 0,
            FinalCompleted = (run, tuner) => KeepEmbeddings(protocol, task, fraction, run, tuner),
        };
        using var interruption = Interruption.Begin();
        SweepReport report = sweep.Run(data.Train, data.Validation, data.Everything, data.Test, interruption.Token);
        // Shares and losses are those of runs that have some.
        report = report with { Finals = [.. report.Finals.Where(run => !double.IsNaN(run.TestAccuracy))] };
        if (report.Finals.IsEmpty)
            throw new InvalidOperationException($"Every final run of {protocol.Name} on {task.Name} diverged: list lower learning rates.");
        var outcome = new Outcome(protocol, task, model!, report);
        AnsiConsole.WriteLine($"{protocol.Name}, {task.Name}, {data.Everything.Count} images: {outcome.AccuracyText} %");
        return outcome;

        Tuner Load(int seed)
        {
            Tuner tuner = protocol.Load(device, _backbone, seed);
            model = tuner.Model;
            return tuner;
        }
    }

    /// <summary>The features of the first test digits after the first seed's final run, [images, width], and their labels.</summary>
    public (float[] Features, int[] Labels) Embeddings(Protocol protocol)
    {
        StudyData data = DataOf(StudyTask.Digits, fraction: 1);
        string results = FileOf(protocol, StudyTask.Digits, fraction: 1, ".jsonl");
        byte[] bytes = File.ReadAllBytes(Existing(FeaturesFile(protocol), results));
        return (MemoryMarshal.Cast<byte, float>(bytes).ToArray(), [.. Enumerable.Range(0, DrawnImages).Select(data.Test.Label)]);
    }

    /// <summary>What a run of a protocol on the digits takes.</summary>
    public RunCost CostOf(Protocol protocol)
    {
        string file = FileOf(protocol, StudyTask.Digits, fraction: 1, ".cost");
        if (!File.Exists(file))
            Files.Replace(file, Encoding.UTF8.GetBytes(RunCost.OfChild(protocol, quick ? [QuickOption] : []).ToString()));
        return RunCost.Parse(File.ReadAllText(file)) ?? throw new IOException($"{file} does not hold bytes and seconds.");
    }

    /// <summary>Trains a protocol as its final runs do, keeps nothing, and returns how many seconds that took.</summary>
    public double TrainOnce(Protocol protocol)
    {
        Recipe recipe = quick ? Shorten(protocol.Recipe) : protocol.Recipe;
        FitOptions options = recipe.Options(recipe.LearningRates[^1], recipe.WeightDecays[0], recipe.TrialSeed);
        using Tuner tuner = protocol.Load(device, _backbone, recipe.TrialSeed);
        StudyData data = DataOf(StudyTask.Digits, fraction: 1);
        long start = Stopwatch.GetTimestamp();
        tuner.Fit(data.Everything, options: options with { Progress = ProgressDisplay.Off });
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void KeepEmbeddings(Protocol protocol, StudyTask task, double fraction, FinalRun run, Tuner tuner)
    {
        // The first seed's, or the first's that does not diverge.
        bool isDrawn = task == StudyTask.Digits && fraction == 1 && Catalogue.Followed.Contains(protocol)
            && (run.Seed == protocol.Recipe.Seeds[0] || !File.Exists(FeaturesFile(protocol)));
        if (!isDrawn)
            return;
        StudyData data = DataOf(task, fraction);
        int floats = tuner.Model.ImageFloats;
        float[] images = new float[DrawnImages * floats];
        for (int i = 0; i < DrawnImages; i++)
            data.Test.CopyImage(i, images.AsSpan(i * floats, floats));
        Files.Replace(FeaturesFile(protocol), MemoryMarshal.AsBytes<float>(tuner.Embed(images)));
    }

    /// <summary>One rate, in the middle of the grid: the highest may be one that nothing learns at.</summary>
    private static Recipe Shorten(Recipe recipe) => recipe with
    {
        Epochs = 2,
        WarmupEpochs = 0,
        LearningRates = [recipe.LearningRates[recipe.LearningRates.Length / 2]],
        Seeds = recipe.Seeds[..1],
    };

    /// <summary>A file that a run left behind before its result was noted: only somebody else can have taken it away.</summary>
    private static string Existing(string file, string results) => File.Exists(file)
        ? file
        : throw new IOException($"{file} is missing, though its run is noted in {results}: delete that file too, to run it again.");

    private StudyData DataOf(StudyTask task, double fraction)
    {
        if (!_data.TryGetValue((task, fraction), out StudyData? data))
            _data[(task, fraction)] = data = StudyData.Read(task, dataFolder, fraction);
        return data;
    }

    private string FeaturesFile(Protocol protocol) => FileOf(protocol, StudyTask.Digits, fraction: 1, ".features");

    private string FileOf(Protocol protocol, StudyTask task, double fraction, string extension)
    {
        string name = protocol.Name.Replace(", ", "-").Replace(' ', '-').ToLowerInvariant();
        return Path.Combine(output, "runs", task.Key, FormattableString.Invariant($"{name}-{100 * fraction:F0}{extension}"));
    }
}
