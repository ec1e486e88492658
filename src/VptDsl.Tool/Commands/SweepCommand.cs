using System.CommandLine;
using VptDsl.Data;
using VptDsl.Tool.Models;
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
        var results = new Option<FileInfo>("--results")
        {
            Description = "A file that collects the results. Killed, a sweep goes on from it.",
            Required = true,
        };
        var command = new Command(
            "sweep", "Tries learning rates and weight decays on a fifth of the images held out, "
                + "and measures the best on test images over several seeds.")
        {
            images, test, recipeName, epochs, results, upright, normalization, device,
        };
        model.AddTo(command);
        command.SetAction(arguments =>
        {
            string chosen = arguments.GetValue(recipeName)!;
            OutputPlace.RequireDistinct(
                [arguments.GetValue(results)],
                [
                    model.BackboneOf(arguments),
                    arguments.GetValue(images),
                    arguments.GetValue(test),
                    File.Exists(chosen) ? new FileInfo(chosen) : null,
                ]);
            OutputPlace.Prepare(arguments.GetValue(results));
            StandardOutput.MakeOptional();
            using Device where = DeviceOption.Open(arguments.GetValue(device));
            Recipe recipe = RecipeOf(chosen, arguments.GetValue(epochs));
            CompiledModel compiled = CompiledModel.Of(model.Declare(arguments), where);
            ImagePipeline training, measuring;
            using (Tuner probe = model.Load(arguments, compiled, where, seed: 0))
            {
                Normalization numbers =
                    Inputs.NormalizationOf(arguments.GetValue(normalization), probe.Model, probe.Weights!.Facts);
                (training, measuring) = Inputs.PipelinesOf(recipe, probe.Model, numbers, arguments.GetValue(upright));
            }

            PixelImages all = ImageFolder.Read(arguments.GetValue(images)!.FullName, training);
            (Subset train, Subset held) = Inputs.HoldOut(all);
            PixelImages? measured = arguments.GetValue(test) is { } folder
                ? Inputs.ReadFolder(folder, measuring, all.ClassNames)
                : null;
            var sweep = new Sweep(recipe, seed => model.Load(arguments, compiled, where, seed), arguments.GetValue(results)!.FullName)
            {
                TrialCompleted = Console.WriteLine,
            };
            using var interruption = Interruption.Begin();
            Console.WriteLine(sweep.Run(train, held, measured is null ? null : all, measured, interruption.Token));
        });
        return command;
    }

    private static Recipe RecipeOf(string name, int? epochs)
    {
        Recipe recipe = File.Exists(name) ? Recipe.Load(name) : Recipe.Get(name);
        return epochs is { } length ? recipe with { Epochs = length, WarmupEpochs = Math.Min(recipe.WarmupEpochs, length / 5.0) } : recipe;
    }
}
