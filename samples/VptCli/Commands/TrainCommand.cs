using System.CommandLine;
using System.Globalization;
using VptDsl;
using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptCli.Commands;

/// <summary>Tunes a model on a folder of images.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Argument<string> model = Inputs.Model();
        Option<FileInfo> backbone = Inputs.Backbone();
        Option<string> device = Inputs.Device(), normalization = Inputs.Normalization();
        Option<RecipeTransforms> transforms = Inputs.Transforms();
        Option<int> seed = Inputs.Seed();
        var images = new Option<DirectoryInfo>("--images") { Description = "The training images, a folder for each class.", Required = true };
        var validation = new Option<DirectoryInfo>("--validation")
        {
            Description = "Images that choose the best epoch. Left out: every fifth training image is held out for it.",
        };
        var task = new Option<FileInfo>("--task") { Description = "The task file to write.", Required = true };
        var epochs = new Option<int>("--epochs") { Description = "How often every image is seen.", DefaultValueFactory = _ => 100 };
        var batch = new Option<int>("--batch") { Description = "Images in a step.", DefaultValueFactory = _ => 64 };
        var rate = new Option<double>("--rate")
        {
            Description = "The learning rate for a batch of 256. The paper tries 0.05 to 50; 'vpt sweep' does that for you.",
            DefaultValueFactory = _ => 1,
        };
        var decay = new Option<float>("--decay") { Description = "The weight decay.", DefaultValueFactory = _ => 0.001f };
        var patience = new Option<int?>("--patience") { Description = "Stop after so many epochs without a better accuracy." };
        var checkpoint = new Option<FileInfo>("--checkpoint")
        {
            Description = "A file to save the run to as it goes. Killed, the same command goes on from it. Delete it to train anew.",
        };
        var command = new Command("train", "Tunes a model on a folder of images and writes a task file.")
        {
            model, backbone, images, validation, task, epochs, batch, rate, decay, patience, transforms, normalization, checkpoint, seed, device,
        };
        command.SetAction((arguments, cancellation) =>
        {
            ModelEntry entry = ModelCatalog.Get(arguments.GetValue(model)!);
            using Device where = Inputs.OpenDevice(arguments.GetValue(device));
            using Tuner tuner = entry.Load(where, arguments.GetValue(backbone)!.FullName, arguments.GetValue(seed));
            Console.WriteLine($"{tuner.Weights} on {where.Name}");
            Normalization numbers = Inputs.NormalizationOf(arguments.GetValue(normalization)!, entry, tuner.Weights!.Kind);
            Recipe reading = Recipe.Get("vtab-prompt") with { Transforms = arguments.GetValue(transforms) };
            (IImageSource train, IImageSource held) = Read(
                arguments.GetValue(images)!, arguments.GetValue(validation),
                reading.TrainPipeline(entry.ImageSize, numbers), reading.TestPipeline(entry.ImageSize, numbers));
            FitReport report = tuner.Fit(train, held, new FitOptions
            {
                Epochs = arguments.GetValue(epochs),
                BatchSize = arguments.GetValue(batch),
                BaseLearningRate = arguments.GetValue(rate),
                Optimizer = Optimizer.Sgd with { WeightDecay = arguments.GetValue(decay) },
                Patience = arguments.GetValue(patience),
                Seed = arguments.GetValue(seed),
                Checkpoint = arguments.GetValue(checkpoint) is { } file ? new Checkpoint(file.FullName) : null,
                Progress = Console.IsOutputRedirected ? ProgressDisplay.Lines : ProgressDisplay.Bar,
            }, cancellation);
            FileInfo written = arguments.GetValue(task)!;
            tuner.SaveTask(written.FullName);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"best epoch {report.BestEpoch} of {report.Epochs.Length}: validation accuracy {100 * report.Best.ValidationAccuracy:F1} %"));
            Console.WriteLine($"wrote {written} ({new FileInfo(written.FullName).Length} bytes)");
            return Task.FromResult(0);
        });
        return command;
    }

    private static (IImageSource Train, IImageSource Validation) Read(
        DirectoryInfo images, DirectoryInfo? validation, ImagePipeline training, ImagePipeline measuring)
    {
        PixelImages train = Inputs.ReadFolder(images, training);
        return validation is null
            ? Split.Stratified(train, firstCount: train.Count - (train.Count / 5), seed: 0)
            : (train, Inputs.ReadFolder(validation, measuring, [.. train.ClassNames.Where(Inputs.IsUsed)]));
    }
}
