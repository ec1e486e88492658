using System.CommandLine;
using System.Globalization;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tool.Models;
using VptDsl.Training;
using VptDsl.Training.Logs;
using VptDsl.Training.Parallel;
using VptDsl.Training.Recipes;

namespace VptDsl.Tool.Commands;

/// <summary>Tunes a model on a folder of images.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        Option<string> device = DeviceOption.Create();
        Option<Normalization?> normalization = Inputs.Normalization();
        Option<RecipeTransforms> transforms = Inputs.Transforms();
        Option<bool> upright = Inputs.Upright();
        Option<int> seed = Inputs.Seed();
        var images = new Option<FileSystemInfo>("--images")
        {
            Description = "The training images: a folder for each class, a list with a line for each image, its path and its class, "
                + "WebDataset's shards (train-{0000..0012}.tar) or Parquet files ('train-*.parquet').",
            Required = true,
        };
        var validation = new Option<FileSystemInfo>("--validation")
        {
            Description = "Images that choose the best epoch. Left out: every fifth training image is held out for it.",
        };
        var task = new Option<FileInfo>("--task") { Description = "The task file to write. Needed unless --join is there." };
        var columns = new ParquetColumns.Options();
        var workers = new WorkerOptions();
        Option<int> epochs = Number.Option("--epochs", "How often every image is seen.", usual: 100, least: 1);
        Option<int> batch = Number.Option("--batch", "Images in a step.", usual: 64, least: 1);
        Option<double> rate = Number.Option(
            "--rate", "The learning rate for a batch of 256. The paper tries 0.05 to 50; 'vpt sweep' does that for you.", usual: 1.0,
            least: 0);
        Option<float> decay = Number.Option("--decay", "The weight decay.", usual: 0.001f, least: 0);
        Option<double> smoothing = Number.Option(
            "--label-smoothing", "What of each target is spread over all classes, usually 0.1.", usual: 0.0, least: 0, most: 0.99);
        Option<double> mixup = Number.Option(
            "--mixup", "Adds images in pairs: alpha of mixup, usually 0.8; 0 for none.", usual: 0.0, least: 0);
        Option<double> cutmix = Number.Option(
            "--cutmix", "Puts a part of another image into each: alpha of cutmix, usually 1; 0 for none.", usual: 0.0, least: 0);
        Option<int?> piece = Number.Optional("--micro-batch", "Images computed at a time, for less memory. Left out: the batch.", least: 1);
        Option<double?> clip = Number.Optional(
            "--clip", "The longest that the gradient may be; longer ones are shortened to it.", least: 0.0);
        Option<double?> average = Number.Optional(
            "--average", "Measures and keeps a moving average of what is trained, with this decay, usually 0.999.", least: 0.0);
        Option<double?> layerDecay = Number.Optional(
            "--layer-decay", "What the rate is multiplied by from a trained layer to the one below it, usually 0.75.", least: 0.0);
        var logs = new Option<FileSystemInfo[]>("--log")
        {
            Description = "Takes the run's numbers down: NAME.csv, NAME.jsonl, or a folder for TensorBoard. May be given more than once.",
        };
        Option<int?> patience = Number.Optional("--patience", "Stop after so many epochs without a better accuracy.", least: 1);
        var checkpoint = new Option<FileInfo>("--checkpoint")
        {
            Description =
                "The file that the run is saved to as it goes: stopped or killed, the same command goes on from it. Left out, it lies "
                    + "beside the task file until that is written; given, it stays: delete it to train anew.",
        };
        var command = new Command("train", "Tunes a model on a folder of images and writes a task file.")
        {
            images, validation, task, epochs, batch, rate, decay, smoothing, mixup, cutmix, piece, clip, average, layerDecay,
            logs, patience, transforms, upright, normalization, checkpoint, seed, device,
        };
        columns.AddTo(command);
        model.AddTo(command);
        workers.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(task) is null && !workers.Joins(result))
                result.AddError("Option '--task' is required.");
        });
        command.SetAction(arguments =>
        {
            FileSystemInfo?[] read = [model.BackboneOf(arguments), arguments.GetValue(images), arguments.GetValue(validation)];
            SavedRun? run = workers.Joins(arguments)
                ? null
                : Prepare(arguments.GetValue(task)!, arguments.GetValue(checkpoint), arguments.GetValue(logs) ?? [], read);
            StandardOutput.MakeOptional();
            using WorkerGroup? group = workers.Open(arguments);
            using Device where = DeviceOption.Open(arguments.GetValue(device), workers.ThreadsOf(arguments));
            CompiledModel compiled = CompiledModel.Of(model.Declare(arguments), where);
            using Tuner tuner = model.Load(arguments, compiled, where, arguments.GetValue(seed));
            Console.WriteLine(compiled.Declaration);
            Inputs.Print(tuner.Weights!, where.Name);
            Normalization numbers = Inputs.NormalizationOf(arguments.GetValue(normalization), tuner.Model, tuner.Weights!.Facts);
            Recipe reading = Recipe.Get("vtab-prompt") with { Transforms = arguments.GetValue(transforms) };
            (ImagePipeline training, ImagePipeline measuring) = Inputs.PipelinesOf(
                reading, tuner.Model, numbers, arguments.GetValue(upright));
            (IImageSource train, IImageSource held) = Read(
                tuner.Model, arguments.GetValue(images)!, arguments.GetValue(validation),
                columns.Of(arguments, [arguments.GetValue(images), arguments.GetValue(validation)]), training, measuring);
            var options = new FitOptions
            {
                Workers = group,
                Epochs = arguments.GetValue(epochs),
                BatchSize = arguments.GetValue(batch),
                BaseLearningRate = arguments.GetValue(rate),
                Optimizer = Optimizer.Sgd with { WeightDecay = arguments.GetValue(decay) },
                LabelSmoothing = arguments.GetValue(smoothing),
                Mixup = MixupOf(arguments.GetValue(mixup), arguments.GetValue(cutmix)),
                MicroBatchSize = arguments.GetValue(piece),
                MaximumGradientNorm = arguments.GetValue(clip),
                Average = arguments.GetValue(average) is { } kept ? new ParameterAverage { Decay = kept } : null,
                LayerDecay = arguments.GetValue(layerDecay),
                Logs = [.. (arguments.GetValue(logs) ?? []).Select(LogOf)],
                Patience = arguments.GetValue(patience),
                Seed = arguments.GetValue(seed),
            };
            using LocalProcesses? helpers = workers.Start(arguments, group);
            FitReport report = run is null ? Help(tuner, train, held, options) : run.Fit(tuner, train, held, options);
            run?.Write(tuner.SaveTask);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"best epoch {report.BestEpoch} of {report.Epochs.Length}: "
                    + $"validation {report.Best.ScoreName} {100 * report.Best.Score:F1} %"));
            if (run is not null && arguments.GetValue(task) is { } written)
                Console.WriteLine($"wrote {written} ({new FileInfo(written.FullName).Length} bytes)");
        });
        return command;
    }

    /// <summary>Checks the places that are written to before anything takes long.</summary>
    private static SavedRun Prepare(FileInfo written, FileInfo? saved, FileSystemInfo[] logs, FileSystemInfo?[] read)
    {
        var run = new SavedRun(written, saved);
        OutputPlace.RequireDistinct([written, new FileInfo(run.Path), .. logs.Select(log => new FileInfo(log.ToString()))], read);
        OutputPlace.Prepare(written);
        OutputPlace.Prepare(saved);
        RequireNothingElse(written);
        return run;
    }

    /// <summary>Takes part in a run whose leader saves it.</summary>
    private static FitReport Help(Tuner tuner, IImageSource train, IImageSource validation, FitOptions options)
    {
        using var interruption = Interruption.Begin();
        return tuner.Fit(train, validation, options, interruption.Token);
    }

    private static Mixup? MixupOf(double mixup, double cutmix) =>
        mixup == 0 && cutmix == 0 ? null : new Mixup { Alpha = mixup, CutmixAlpha = cutmix };

    private static IRunLog LogOf(FileSystemInfo place) => place.Extension.ToUpperInvariant() switch
    {
        ".CSV" => new CsvLog(place.FullName),
        ".JSONL" => new JsonLinesLog(place.FullName),
        _ => new TensorBoardLog(place.FullName),
    };

    // A file of another kind would be lost.
    private static void RequireNothingElse(FileInfo task)
    {
        if (task is { Exists: true, Length: > 0 } && !Inputs.IsTask(task.FullName))
            throw new IOException($"{task} is there already and is no task file of VptDsl: give another name, or delete it.");
    }

    private static (IImageSource Train, IImageSource Validation) Read(
        ModelDescription model, FileSystemInfo images, FileSystemInfo? validation, ParquetColumns columns, ImagePipeline training,
        ImagePipeline measuring)
    {
        IImageSource train = Inputs.ReadImages(images, columns, model, training);
        return validation is null
            ? Inputs.HoldOut(train)
            : (train, Inputs.ReadImages(validation, columns, model, measuring, train.ClassNames));
    }
}
