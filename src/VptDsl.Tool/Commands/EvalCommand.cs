using System.CommandLine;
using System.Globalization;
using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tool.Commands;

/// <summary>Measures a task on a folder of images.</summary>
internal static class EvalCommand
{
    private const int ShownClasses = 5;

    public static Command Create()
    {
        var images = new Option<FileSystemInfo>("--images")
        {
            Description = "The test images: a folder for each class, a list, shards or Parquet files, as 'vpt train' takes them.",
            Required = true,
        };
        Option<int> top = Number.Option(
            "--top", "How many of the most probable classes an image's may be among, for the accuracy beside the plain one.", usual: 5,
            least: 1);
        var json = new Option<bool>("--json") { Description = "One object of JSON, with every class." };
        var command = new Command(
            "eval", "Measures a task on images with known classes: accuracies, mean loss, the classes that go wrong most.")
        {
            images, top, json,
        };
        var columns = new ParquetColumns.Options();
        columns.AddTo(command);
        var inputs = new TaskInputs();
        inputs.AddTo(command);
        command.SetAction(arguments =>
        {
            using Device device = inputs.OpenDevice(arguments);
            using Tuner tuner = inputs.Load(arguments, device);
            ImagePipeline pipeline = Inputs.PipelineOf(tuner);
            IImageSource set = Inputs.ReadImages(
                arguments.GetValue(images)!, columns.Of(arguments, [arguments.GetValue(images)]), tuner.Model, pipeline, tuner.ClassNames);
            IReadOnlyList<string> names = Inputs.NamesOf(tuner, set);
            Evaluation evaluation = tuner.Evaluate(set);
            if (arguments.GetValue(json))
                Console.WriteLine(EvaluationJson.Of(evaluation, names, arguments.GetValue(top)));
            else
                Print(evaluation, names, arguments.GetValue(top));
        });
        return command;
    }

    private static void Print(Evaluation evaluation, IReadOnlyList<string> names, int top)
    {
        Console.WriteLine(evaluation);
        if (evaluation.MultiLabel is { } scores)
            PrintWorst(names, scores.AveragePrecisionOf);
        else
            PrintClasses(evaluation, names, top);
    }

    private static void PrintClasses(Evaluation evaluation, IReadOnlyList<string> names, int top)
    {
        // Among as many as there are every class is.
        string amongTop = top < names.Count(Inputs.IsUsed) && evaluation.TopAccuracy(top) is { } share
            ? string.Create(CultureInfo.InvariantCulture, $"top-{top} accuracy {100 * share:F1} %, ")
            : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{amongTop}balanced accuracy {100 * evaluation.BalancedAccuracy:F1} %"));
        PrintWorst(names, evaluation.Confusion.Recall);
    }

    private static void PrintWorst(IReadOnlyList<string> names, Func<int, double> measure)
    {
        var worst = Enumerable.Range(0, names.Count)
            .Select(label => (Name: names[label], Share: measure(label)))
            .Where(row => row.Share < 1)
            .OrderBy(row => row.Share)
            .Take(ShownClasses);
        foreach ((string name, double share) in worst)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {100 * share,5:F1} %  {Printable.Of(name)}"));
    }
}
