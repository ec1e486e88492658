using System.CommandLine;
using VptDsl.Data;
using VptDsl.Tool.Models;
using VptDsl.Tool.Sweeps;
using VptDsl.Training.Recipes;

namespace VptDsl.Tool.Commands;

/// <summary>Finds good settings as the paper does.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        Option<string> device = DeviceOption.Create();
        Option<Normalization?> normalization = Inputs.Normalization();
        Option<bool> upright = Inputs.Upright();
        var images = new Option<DirectoryInfo>("--images")
        {
            Description = "The training images, a folder for each class.",
            Required = true,
        };
        var test = new Option<DirectoryInfo>("--test") { Description = "Images to measure the best settings on, over several seeds." };
        var recipeName = new Option<string>("--recipe")
        {
            Description = $"A JSON file, or one of the paper's: {string.Join(", ", Recipe.Published.Select(recipe => recipe.Name))}.",
            DefaultValueFactory = _ => "fgvc-prompt",
        };
        Option<int?> epochs = Number.Optional("--epochs", "Another length of the runs than the recipe's 100 epochs.", least: 1);
        Option<int?> halving = Number.Optional(
            "--halving", "Stops trials that others leave behind: 3 lets the best third go on after a ninth and a third of the epochs.",
            least: 2);
        var results = new Option<FileInfo>("--results")
        {
            Description = "A file that collects the results. Killed, a sweep goes on from it.",
            Required = true,
        };
        Option<string?> cluster = ClusterOption.Optional();
        Option<int> workers = Number.Option("--workers", "With a cluster in this process: runs at a time.", usual: 1, least: 1, most: 256);
        Option<int> priority = Number.Option(
            "--priority", "On a cluster: the sweep with the larger number comes first.", usual: 0, least: int.MinValue);
        var command = new Command(
            "sweep", "Tries learning rates and weight decays on a fifth of the images held out, "
                + "and measures the best on test images over several seeds.")
        {
            images, test, recipeName, epochs, halving, results, upright, normalization, device, cluster, workers, priority,
        };
        model.AddTo(command);
        command.SetAction(async (arguments, _) =>
        {
            string chosen = arguments.GetValue(recipeName)!;
            FileInfo written = arguments.GetValue(results)!;
            OutputPlace.RequireDistinct(
                [written],
                [
                    model.BackboneOf(arguments),
                    arguments.GetValue(images),
                    arguments.GetValue(test),
                    File.Exists(chosen) ? new FileInfo(chosen) : null,
                ]);
            OutputPlace.Prepare(written);
            StandardOutput.MakeOptional();
            using Device where = DeviceOption.Open(arguments.GetValue(device));
            ModelDeclaration declaration = model.Declare(arguments);
            Recipe recipe = RecipeOf(chosen, declaration, arguments.GetValue(epochs), arguments.GetValue(halving));
            var inputs = new SweepInputs
            {
                Model = declaration.Attributes,
                Backbone = model.NameOfBackbone(arguments),
                Entry = model.EntryOf(arguments),
                Images = arguments.GetValue(images)!.FullName,
                Test = arguments.GetValue(test)?.FullName,
                Normalization = arguments.GetValue(normalization)?.ToString(),
                Upright = arguments.GetValue(upright),
            };
            OpenedInputs opened = inputs.Open(recipe, where);
            using var interruption = Interruption.Begin();
            SweepReport report = arguments.GetResult(cluster) is null
                ? Run(recipe, opened, written, interruption.Token)
                : await OnCluster(
                        arguments.GetValue(cluster), arguments.GetValue(device), arguments.GetValue(workers), recipe, inputs, written,
                        arguments.GetValue(priority))
                    .RunAsync(opened, interruption.Token);
            Console.WriteLine(report);
        });
        return command;
    }

    private static SweepReport Run(Recipe recipe, OpenedInputs opened, FileInfo results, CancellationToken cancellation) =>
        new Sweep(recipe, opened.Create, results.FullName) { TrialCompleted = Console.WriteLine }
            .Run(opened.Train, opened.Held, opened.All, opened.Test, cancellation);

    private static ClusterRun OnCluster(
        string? named, string? device, int workers, Recipe recipe, SweepInputs inputs, FileInfo results, int priority) => new(
            new SiloHost(ClusterOption.Read(named, results), device, Threads: 0, workers), recipe, inputs, results, priority);

    /// <summary>A recipe for a model: those of the paper have its smaller batch for many prompts, and what a file says is done.</summary>
    public static Recipe RecipeOf(string name, ModelDeclaration model, int? epochs, int? halving)
    {
        Recipe recipe = File.Exists(name) ? Recipe.Load(name) : Recipe.Get(name).ForTokens(model.Tokens);
        recipe = recipe with { Halving = halving ?? recipe.Halving };
        return epochs is { } length ? recipe with { Epochs = length, WarmupEpochs = Math.Min(recipe.WarmupEpochs, length / 5.0) } : recipe;
    }
}
