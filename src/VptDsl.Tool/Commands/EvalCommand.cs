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
        var images = new Option<DirectoryInfo>("--images") { Description = "The test images, a folder for each class.", Required = true };
        var command = new Command(
            "eval", "Measures a task on images with known classes: accuracy, mean loss, the classes that go wrong most.")
        {
            images,
        };
        var inputs = new TaskInputs();
        inputs.AddTo(command);
        command.SetAction(arguments =>
        {
            using Device device = inputs.OpenDevice(arguments);
            using Tuner tuner = inputs.Load(arguments, device);
            ImagePipeline pipeline = tuner.Pipeline
                ?? throw new InvalidOperationException("The task file does not say how to read images.");
            PixelImages set = Inputs.ReadFolder(arguments.GetValue(images)!, pipeline, tuner.ClassNames!);
            Print(tuner.Evaluate(set), tuner.ClassNames!);
        });
        return command;
    }

    private static void Print(Evaluation evaluation, IReadOnlyList<string> names)
    {
        Console.WriteLine(evaluation);
        var worst = Enumerable.Range(0, names.Count)
            .Select(label => (Name: names[label], Recall: evaluation.Confusion.Recall(label)))
            .Where(row => row.Recall < 1)
            .OrderBy(row => row.Recall)
            .Take(ShownClasses);
        foreach ((string name, double recall) in worst)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {100 * recall,5:F1} %  {Printable.Of(name)}"));
    }
}
