using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Spectre.Console;
using VptDsl;
using VptDsl.Programs;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace Study;

/// <summary>Runs protocols and keeps what came out; whatever is there already is not run again.</summary>
/// <param name="device">Where to train.</param>
/// <param name="dataFolder">The folder with digits and backbone.</param>
/// <param name="output">The folder of the study's results.</param>
/// <param name="quick">Whether two epochs at one rate and with one seed are enough: that shows that everything works, and measures nothing.</param>
internal sealed class StudyRun(Device device, string dataFolder, string output, bool quick)
{
    private const int DrawnImages = 500;

    private readonly string _backbone = Path.Combine(dataFolder, "fashion-vit.safetensors");

    /// <summary>Chooses a protocol's settings on the validation images, then measures it on the test images.</summary>
    public Outcome Run(Protocol protocol, double fraction = 1)
    {
        StudyData data = StudyData.Read(dataFolder, fraction);
        string folder = Path.Combine(output, "runs");
        Directory.CreateDirectory(folder);
        long start = 0;
        ModelDescription? model = null;
        var sweep = new Sweep(quick ? Shorten(protocol.Recipe) : protocol.Recipe, Load, Path.Combine(folder, FileName(protocol, fraction) + ".jsonl"))
        {
            Progress = ProgressDisplay.Off,
            CheckpointEverySteps = 0,
            FinalCompleted = (run, tuner) =>
            {
                File.WriteAllText(SecondsFile(run.Seed), Stopwatch.GetElapsedTime(start).TotalSeconds.ToString(CultureInfo.InvariantCulture));
                KeepEmbeddings(protocol, fraction, run, tuner, data);
            },
        };
        SweepReport report = sweep.Run(data.Train, data.Validation, data.Everything, data.Test);
        var outcome = new Outcome(
            protocol, model!, report, report.Finals.Average(run => double.Parse(File.ReadAllText(SecondsFile(run.Seed)), CultureInfo.InvariantCulture)));
        AnsiConsole.WriteLine(FormattableString.Invariant(
            $"{protocol.Name}, {data.Everything.Count} images: {outcome.Accuracy:F1} ± {outcome.Deviation:F1} %, {outcome.Seconds:F1} s a run"));
        return outcome;

        Tuner Load(int seed)
        {
            start = Stopwatch.GetTimestamp();
            Tuner tuner = protocol.Load(device, _backbone, seed);
            model = tuner.Model;
            return tuner;
        }

        string SecondsFile(int seed) => Path.Combine(folder, $"{FileName(protocol, fraction)}.{seed}.seconds");
    }

    /// <summary>The features of the first test images after the first seed's final run, [images, width], and their labels.</summary>
    public (float[] Features, int[] Labels) Embeddings(Protocol protocol)
    {
        StudyData data = StudyData.Read(dataFolder, fraction: 1);
        float[] features = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(EmbeddingsFile(protocol))).ToArray();
        return (features, [.. Enumerable.Range(0, DrawnImages).Select(data.Test.Label)]);
    }

    private void KeepEmbeddings(Protocol protocol, double fraction, FinalRun run, Tuner tuner, StudyData data)
    {
        if (fraction < 1 || run.Seed != protocol.Recipe.Seeds[0] || !Catalogue.Followed.Contains(protocol))
            return;
        int floats = tuner.Model.ImageFloats;
        float[] images = new float[DrawnImages * floats];
        for (int i = 0; i < DrawnImages; i++)
            data.Test.CopyImage(i, images.AsSpan(i * floats, floats));
        File.WriteAllBytes(EmbeddingsFile(protocol), MemoryMarshal.AsBytes<float>(tuner.Embed(images)));
    }

    private static Recipe Shorten(Recipe recipe) => recipe with { Epochs = 2, WarmupEpochs = 0, LearningRates = recipe.LearningRates[..1], Seeds = recipe.Seeds[..1] };

    private string EmbeddingsFile(Protocol protocol) => Path.Combine(output, "runs", FileName(protocol, 1) + ".features");

    private static string FileName(Protocol protocol, double fraction) =>
        FormattableString.Invariant($"{protocol.Name.Replace(", ", "-").Replace(' ', '-').ToLowerInvariant()}-{100 * fraction:F0}");
}
