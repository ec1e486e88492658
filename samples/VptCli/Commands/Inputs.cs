using System.CommandLine;
using VptDsl.Data;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptCli.Commands;

/// <summary>What several commands are given.</summary>
internal static class Inputs
{
    private static readonly string[] Automatic = ["auto"];

    public static Argument<string> Model()
    {
        var model = new Argument<string>("model")
        {
            Description = $"{ModelCatalog.Summary}. 'tiny' is for the backbone that QuickStart comes with.",
            HelpName = "model",
        };
        model.AcceptOnlyFromAmong([.. ModelCatalog.All.Select(entry => entry.Name)]);
        return model;
    }

    public static Option<FileInfo> Backbone() => new("--backbone")
    {
        Description = "The checkpoint: .safetensors, Google's .npz, PyTorch's .pth. Its names are recognised.",
        Required = true,
    };

    public static Option<string> Normalization()
    {
        var normalization = new Option<string>("--normalization")
        {
            Description = "How pixels become numbers: as the backbone was pre-trained. auto: as the checkpoint's kind tells, else imagenet.",
            DefaultValueFactory = _ => Automatic[0],
        };
        normalization.AcceptOnlyFromAmong("auto", "imagenet", "symmetric", "none");
        return normalization;
    }

    public static Option<RecipeTransforms> Transforms()
    {
        var transforms = new Option<RecipeTransforms>("--transforms")
        {
            Description = "How images become the model's size. vtab: straight to a square. fgvc: cropped; mirrored now and then in training.",
            DefaultValueFactory = _ => RecipeTransforms.Fgvc,
        };
        transforms.AcceptOnlyFromAmong("fgvc", "vtab");
        return transforms;
    }

    public static Option<int> Seed() => Number.Option("--seed", "The same seed gives the same result.", usual: 0, least: int.MinValue);

    /// <summary>The normalisation of a name, for as many channels as the model has.</summary>
    public static Normalization NormalizationOf(string name, ModelEntry model, CheckpointKind kind)
    {
        Normalization colour = name switch
        {
            "imagenet" => VptDsl.Data.Normalization.ImageNet,
            "symmetric" => VptDsl.Data.Normalization.Symmetric,
            "none" => VptDsl.Data.Normalization.None,
            _ => kind.Normalization() ?? VptDsl.Data.Normalization.ImageNet,
        };
        return model.Channels == colour.Channels ? colour : new Normalization(colour.Mean.Average(), colour.Deviation.Average());
    }

    /// <summary>Reads a folder of classes to learn from, for a head that has room for more.</summary>
    /// <param name="folder">The folder with one folder for each class.</param>
    /// <param name="pipeline">What happens to each image.</param>
    public static PixelImages ReadTrainingFolder(DirectoryInfo folder, ImagePipeline pipeline)
    {
        IReadOnlyList<string> classNames = ImageFolder.Read(folder.FullName, pipeline).ClassNames;
        return classNames.Count > ModelCatalog.Classes
            ? throw new ArgumentException(
                $"{folder} has {classNames.Count} classes, but the models that are ready have room for {ModelCatalog.Classes}: declare your "
                + "own, it takes four lines (docs/getting-started.md).")
            : ImageFolder.Read(folder.FullName, pipeline, Pad(classNames));
    }

    /// <summary>Reads a folder of a task's classes, or some of them.</summary>
    /// <param name="folder">The folder with one folder for each class.</param>
    /// <param name="pipeline">What happens to each image.</param>
    /// <param name="headNames">The head's classes.</param>
    public static PixelImages ReadFolder(DirectoryInfo folder, ImagePipeline pipeline, IEnumerable<string> headNames) =>
        ImageFolder.Read(folder.FullName, pipeline, [.. headNames.Where(IsUsed)]);

    /// <summary>Holds every fifth image out, at least one.</summary>
    public static (Subset Train, Subset Held) HoldOut(PixelImages images) =>
        Split.Stratified(images, firstCount: images.Count - Math.Max(1, images.Count / 5), seed: 0);

    /// <summary>Whether a class is one of the task's and not one that only the head has.</summary>
    public static bool IsUsed(string className) => !className.StartsWith(UnusedPrefix, StringComparison.Ordinal);

    // No folder can have such a name.
    private const string UnusedPrefix = "/unused/";

    private static string[] Pad(IReadOnlyList<string> names) =>
        [.. names, .. Enumerable.Range(names.Count, ModelCatalog.Classes - names.Count).Select(i => $"{UnusedPrefix}{i}")];
}
