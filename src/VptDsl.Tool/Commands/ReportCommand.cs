using System.CommandLine;
using System.Globalization;
using System.Text;
using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Tool.Reports;
using VptDsl.Training;
using VptDsl.Training.Checkpoints;
using VptDsl.Weights;

namespace VptDsl.Tool.Commands;

/// <summary>Writes a page that shows a run: what it was, how it went, and what the model takes for what.</summary>
internal static class ReportCommand
{
    /// <summary>What a run is known by, and stands among the facts of its model or is a hash that tells a reader nothing.</summary>
    private static readonly string[] SaidOfTheModel = ["declaration", "backbone", "classes", "start"];

    public static Command Create()
    {
        var images = new Option<DirectoryInfo>("--images") { Description = "The test images, a folder for each class.", Required = true };
        var output = new Option<FileInfo>("--output") { Description = "The HTML file to write.", Required = true };
        var log = new Option<FileInfo>("--log") { Description = "The run's log, NAME.csv or NAME.jsonl, for curves." };
        var checkpoint = new Option<FileInfo>("--checkpoint")
        {
            Description = "The run's checkpoint, where 'vpt train --checkpoint' kept it, for its options.",
        };
        Option<int> mistakes = Number.Option("--mistakes", "How many mistakes to show, the surest ones.", usual: 48, least: 0);
        var attention = new Option<FileInfo[]>("--attention")
        {
            Description = "An image to show where the model looks in it: vision transformers on the CPU. May be given more than once.",
        };
        var maps = new Option<DirectoryInfo>("--maps") { Description = "A folder for what --attention shows, as PNG files too." };
        var command = new Command("report", "Writes an HTML page that shows a run, its curves, its confusions and its mistakes.")
        {
            images, output, log, checkpoint, mistakes, attention, maps,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(maps) is not null && result.GetValue(attention) is not { Length: > 0 })
                result.AddError("--maps is for what --attention shows: give --attention with an image.");
        });
        var inputs = new TaskInputs();
        inputs.AddTo(command);
        command.SetAction(arguments =>
        {
            FileInfo written = arguments.GetValue(output)!, task = inputs.TaskOf(arguments);
            FileInfo? logged = arguments.GetValue(log), saved = arguments.GetValue(checkpoint);
            DirectoryInfo folder = arguments.GetValue(images)!;
            DirectoryInfo? pictures = arguments.GetValue(maps);
            OutputPlace.RequireDistinct(
                [written, pictures is null ? null : new FileInfo(Path.Join(pictures.FullName, "maps"))],
                [task, logged, saved, inputs.BackboneOf(arguments), folder]);
            OutputPlace.Prepare(written);
            if (pictures is not null)
                OutputPlace.Prepare(pictures);
            LoggedRun? run = logged is null ? null : LoggedRun.Read(logged.FullName);
            IReadOnlyList<(string Name, string Value)> options = saved is null ? [] : OptionsOf(saved);
            using Device device = inputs.OpenDevice(arguments);
            using Tuner tuner = inputs.Load(arguments, device);
            if (tuner.Model.IsMultiLabel)
            {
                throw new ArgumentException(
                    $"{task} is for images that can have several classes, and a report shows which class is taken for which: "
                    + "'vpt eval --json' measures each class.");
            }

            ImagePipeline pipeline = Inputs.PipelineOf(tuner);
            PixelImages set = tuner.ClassNames is { } known
                ? Inputs.ReadFolder(folder, pipeline, known)
                : ImageFolder.Read(folder.FullName, pipeline);
            IReadOnlyList<string> names = Inputs.NamesOf(tuner, set);
            var wrong = new Mistakes(arguments.GetValue(mistakes));
            // It also tells whether the names are as many as the head's classes.
            Evaluation evaluation = tuner.EvaluateEach(set, wrong.Note);
            ShownAttention[] looks =
                [.. (arguments.GetValue(attention) ?? []).Select(file => ShownAttention.Of(tuner, names, file.FullName))];
            Write(written, new RunReport
            {
                Title = Path.GetFileName(task.FullName),
                Facts = Facts(tuner, task, folder),
                Options = options,
                Log = run,
                Evaluation = evaluation,
                Names = [.. names.Where(Inputs.IsUsed)],
                MistakeCount = wrong.Count,
                Attention = looks,
                Mistakes = [.. wrong.Surest.Select(mistake => Show(set, folder, mistake))],
            });
            if (pictures is not null)
                Write(pictures, looks);
            Console.WriteLine(evaluation);
            Console.WriteLine($"wrote {written} ({new FileInfo(written.FullName).Length} bytes)");
        });
        return command;
    }

    private static IReadOnlyList<(string Name, string Value)> OptionsOf(FileInfo checkpoint) =>
    [
        .. CheckpointFile.RunOf(checkpoint.FullName)
            .Where(pair => pair.Value != CheckpointFile.Unset && !SaidOfTheModel.Contains(pair.Key))
            .Select(pair => (pair.Key, pair.Value)),
    ];

    private static void Write(FileInfo place, RunReport report)
    {
        byte[] page = Encoding.UTF8.GetBytes(ReportPage.Of(report).Text);
        AtomicFile.Write(place.FullName, stream => stream.Write(page));
    }

    private static void Write(DirectoryInfo folder, IReadOnlyList<ShownAttention> looks)
    {
        for (int image = 0; image < looks.Count; image++)
        {
            string name = $"{image + 1}-{Path.GetFileNameWithoutExtension(looks[image].File)}";
            foreach ((string map, byte[] png) in looks[image].Maps)
                AtomicFile.Write(Path.Combine(folder.FullName, $"{name} {map}.png"), stream => stream.Write(png));
        }
    }

    private static ShownMistake Show(PixelImages set, DirectoryInfo folder, Mistake mistake)
    {
        using PixelImage image = set.ReadWhole(mistake.Index);
        return new(mistake, Path.GetRelativePath(folder.FullName, set.NameOf(mistake.Index)), Thumbnail.AddressOf(image));
    }

    private static List<(string Name, string Value)> Facts(Tuner tuner, FileInfo task, DirectoryInfo images)
    {
        TaskInfo info = TaskFile.Inspect(task.FullName);
        ModelDescription model = tuner.Model.WithClasses(tuner.TaskClasses);
        List<(string, string)> facts = [];
        if (info.Attributes is { } attributes)
            facts.Add(("attributes", attributes));
        facts.Add(("declaration", info.Declaration));
        facts.Add(("backbone", $"{tuner.Weights}"));
        facts.Add(("frozen weights, SHA-256", info.BackboneHash));
        facts.Add(("trained parameters", TrainedParameters(model)));
        facts.Add(("task file", string.Create(CultureInfo.InvariantCulture, $"{task.Name}, {task.Length:N0} bytes")));
        facts.Add(("images", $"{images}: {tuner.Pipeline}"));
        facts.Add(("device", tuner.Device.Name));
        return facts;
    }

    private static string TrainedParameters(ModelDescription model)
    {
        ParameterDescription[] trained = [.. model.Parameters.Where(p => p.Trained)];
        long count = trained.Sum(p => p.Count), backbone = model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).Sum(p => p.Count);
        string parts = string.Join(", ", trained.GroupBy(p => p.Kind).OrderBy(kind => kind.Key).Select(kind => string.Create(
            CultureInfo.InvariantCulture, $"{kind.Key.ToString().ToLowerInvariant()} {kind.Sum(p => p.Count):N0}")));
        return string.Create(
            CultureInfo.InvariantCulture, $"{count:N0} ({parts}), {100.0 * count / backbone:0.###} % of the backbone's {backbone:N0}");
    }
}
