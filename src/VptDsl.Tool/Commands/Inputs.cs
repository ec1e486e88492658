using System.CommandLine;
using System.Text;
using VptDsl.Data;
using VptDsl.Parquet;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptDsl.Tool.Commands;

/// <summary>What several commands are given.</summary>
internal static class Inputs
{
    public static Option<Normalization?> Normalization() => new("--normalize", "--normalization")
    {
        Description = "How pixels become numbers, as the backbone was pre-trained: imagenet, symmetric, clip, none, or means/deviations as "
            + "in 0.5,0.5,0.5/0.5,0.5,0.5. Needed where neither the checkpoint nor the JSON files beside it say it.",
        CustomParser = result =>
        {
            try
            {
                return VptDsl.Data.Normalization.Parse(string.Join(' ', result.Tokens.Select(token => token.Value)));
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
                return null;
            }
        },
    };

    public static Option<RecipeTransforms> Transforms()
    {
        var transforms = new Option<RecipeTransforms>("--transforms")
        {
            Description =
                "How images become the model's size. vtab: straight to a square. fgvc: cropped; mirrored now and then in training.",
            DefaultValueFactory = _ => RecipeTransforms.Fgvc,
        };
        transforms.AcceptOnlyFromAmong("fgvc", "vtab");
        return transforms;
    }

    public static Option<bool> Upright() => new("--upright")
    {
        Description = "Turns images as their camera's orientation (EXIF) says. The task file remembers it.",
    };

    public static Option<int> Seed() => Number.Option("--seed", "The same seed gives the same result.", usual: 0, least: int.MinValue);

    /// <summary>
    /// The normalisation that is asked for, else the one that the checkpoint was trained on, for as many channels as the model has.
    /// </summary>
    /// <exception cref="ArgumentException">Neither is known, or it is for other channels.</exception>
    public static Normalization NormalizationOf(Normalization? asked, ModelDescription model, CheckpointFacts facts)
    {
        Normalization colour = asked ?? facts.Normalization?.Value ?? throw new ArgumentException(
            "Nothing says how images must be normalised for this checkpoint: neither its metadata nor a preprocessor_config.json or "
            + "config.json beside it. Say it with --normalize: imagenet, symmetric, clip, none, "
            + "or means/deviations as in 0.5,0.5,0.5/0.5,0.5,0.5; its publisher's page says which.");
        return OfChannels(colour, model.Channels);
    }

    /// <summary>A normalisation for as many channels: grey is every colour's, and colours' mean is that of grey.</summary>
    /// <exception cref="ArgumentException">It is for other channels.</exception>
    public static Normalization OfChannels(Normalization colour, int channels) => (colour.Channels, channels) switch
    {
        var (stated, needed) when stated == needed => colour,
        (1, var needed) =>
            new Normalization([.. Enumerable.Repeat(colour.Mean[0], needed)], [.. Enumerable.Repeat(colour.Deviation[0], needed)]),
        (_, 1) => new Normalization(colour.Mean.Average(), colour.Deviation.Average()),
        var (stated, needed) =>
            throw new ArgumentException($"The normalisation {colour} is for {stated} channels, but the model takes {needed}."),
    };

    /// <summary>How a recipe reads a model's images, in training and in measuring, turned upright if asked for.</summary>
    /// <exception cref="ArgumentException">The model's images are no squares, and the recipe crops squares.</exception>
    public static (ImagePipeline Training, ImagePipeline Measuring) PipelinesOf(
        Recipe recipe, ModelDescription model, Normalization numbers, bool upright)
    {
        PlaneSize size = model.ImageSize;
        if (!size.IsSquare && recipe.Transforms == RecipeTransforms.Fgvc)
            throw new ArgumentException($"The model takes images of {size} pixels, which fgvc does not make: give --transforms vtab.");
        (ImagePipeline training, ImagePipeline measuring) = size.IsSquare
            ? (recipe.TrainPipeline(size.Height, numbers), recipe.TestPipeline(size.Height, numbers))
            : (new ImagePipeline(numbers).Resize(size), new ImagePipeline(numbers).Resize(size));
        return upright ? (training.Upright(), measuring.Upright()) : (training, measuring);
    }

    /// <summary>What a log says of a model's weights: what was loaded, and what is worth knowing of it.</summary>
    public static void Print(WeightReport weights, string device)
    {
        Console.WriteLine($"{weights} on {device}");
        foreach (string remark in weights.Facts.Remarks)
            Console.WriteLine($"note: {Printable.Of(remark)}");
    }

    /// <summary>How a task's images are read.</summary>
    /// <exception cref="InvalidOperationException">Its file does not say it.</exception>
    public static ImagePipeline PipelineOf(Tuner tuner) =>
        tuner.Pipeline ?? throw new InvalidOperationException("The task file does not say how to read images.");

    /// <summary>The names of a task's classes; their numbers where its file has none, as for a server.</summary>
    public static IReadOnlyList<string> NamesOf(Tuner tuner) => tuner.ClassNames ?? ListFile.NumberNames(tuner.TaskClasses);

    /// <summary>The names of a task's classes; where its file has none those of the images that measure it, in their order.</summary>
    public static IReadOnlyList<string> NamesOf(Tuner tuner, IImageSource measured) => tuner.ClassNames ?? measured.ClassNames;

    /// <summary>Reads a folder of a task's classes, or some of them.</summary>
    /// <param name="folder">The folder with one folder for each class.</param>
    /// <param name="pipeline">What happens to each image.</param>
    /// <param name="names">The task's classes.</param>
    public static PixelImages ReadFolder(DirectoryInfo folder, ImagePipeline pipeline, IEnumerable<string> names) =>
        ImageFolder.Read(folder.FullName, pipeline, [.. names.Where(IsUsed)]);

    /// <summary>
    /// Reads the images of a model: a folder of folders where images have one class, a list, shards, or Parquet files.
    /// </summary>
    /// <param name="place">The folder, the shards, the Parquet files, or the list.</param>
    /// <param name="columns">The columns of Parquet files.</param>
    /// <param name="model">The model.</param>
    /// <param name="pipeline">What happens to each image.</param>
    /// <param name="names">The task's classes; null where the images say them.</param>
    /// <exception cref="ArgumentException">
    /// A folder is given where images can have several classes, or a file that is none of these.
    /// </exception>
    public static IImageSource ReadImages(
        FileSystemInfo place, ParquetColumns columns, ModelDescription model, ImagePipeline pipeline, IReadOnlyList<string>? names = null)
    {
        if (ParquetColumns.HaveFiles(place))
            return ReadParquet(place.FullName, columns, model, pipeline, names is null ? null : [.. names.Where(IsUsed)]);
        if (model.IsMultiLabel && Directory.Exists(place.FullName))
        {
            throw new ArgumentException(
                $"{place} is a folder, but images of this model can have several classes: give a list, a line for each image with its path "
                + "and its classes (docs/data.md).");
        }

        if (model.IsMultiLabel)
            return MultiLabelFile.Read(place.FullName, pipeline, classNames: names);
        if (place.Extension == ".tar")
            return WebDataset.Read(place.FullName, pipeline, names is null ? null : [.. names.Where(IsUsed)]);
        if (File.Exists(place.FullName))
            return ReadList(place, pipeline, names);
        return names is null
            ? ImageFolder.Read(place.FullName, pipeline)
            : ReadFolder(new DirectoryInfo(place.FullName), pipeline, names);
    }

    private static PixelImages ReadList(FileSystemInfo list, ImagePipeline pipeline, IReadOnlyList<string>? names)
    {
        try
        {
            return ListFile.Read(list.FullName, pipeline, classNames: names);
        }
        catch (ImageDataException e) when (e.InnerException is DecoderFallbackException)
        {
            throw new ArgumentException(
                $"{list} is no text, and so no list of images: give a folder with a folder for each class, a list with a line for each "
                + "image, its path and its class as in \"images/0001.jpg 3\", shards (.tar), or Parquet files (docs/data.md).", e);
        }
    }

    private static IImageSource ReadParquet(
        string files, ParquetColumns columns, ModelDescription model, ImagePipeline pipeline, IReadOnlyList<string>? names) =>
        model.IsMultiLabel
            ? ParquetImages.ReadMultiLabel(files, pipeline, columns.Image, columns.Label, names)
            : ParquetImages.Read(files, pipeline, columns.Image, columns.Label, names);

    /// <summary>Holds every fifth image out, at least one, and none that is a class's only one: that is learned from.</summary>
    /// <exception cref="ArgumentException">Nothing is left to learn from, or each image is a class's only one.</exception>
    public static (Subset Train, Subset Held) HoldOut(IImageSource images)
    {
        if (images.Count <= 1)
        {
            throw new ArgumentException(
                "There is one training image, and it is held out to choose the best epoch, so that none is left to learn from: "
                + "add images.");
        }

        if (images.IsMultiLabel)
            return HoldOutOfSeveralClasses(images, Learned(images.Count));
        int[] all = [.. Enumerable.Range(0, images.Count)];
        HashSet<int> single = [.. all.CountBy(images.Label).Where(count => count.Value == 1).Select(count => count.Key)];
        int[] shared = [.. all.Where(image => !single.Contains(images.Label(image)))];
        if (shared.Length == 0)
            return Split.Stratified(images, Learned(images.Count), seed: 0);
        (_, Subset held) = Split.Stratified(new Subset(images, shared), Learned(shared.Length), seed: 0);
        int[] heldOut = Array.ConvertAll(held.Indices.ToArray(), image => shared[image]);
        return (new Subset(images, [.. all.Except(heldOut)]), new Subset(images, heldOut));

        static int Learned(int count) => count - Math.Max(1, count / 5);
    }

    /// <summary>Draws what is held out, and puts others in place of those without which nothing would be learned of a class.</summary>
    private static (Subset Train, Subset Held) HoldOutOfSeveralClasses(IImageSource images, int learned)
    {
        int[] left = new int[images.LabelsPerImage], own = new int[images.LabelsPerImage];
        for (int image = 0; image < images.Count; image++)
        {
            images.CopyLabels(image, own);
            for (int label = 0; label < left.Length; label++)
                left[label] += own[label];
        }

        (Subset train, Subset drawn) = Split.Shuffled(images, learned, seed: 0);
        int[] held = [.. drawn.Indices.ToArray().Concat(train.Indices.ToArray()).Where(TryHold).Take(images.Count - learned).Order()];
        return held.Length > 0
            ? (new Subset(images, [.. Enumerable.Range(0, images.Count).Except(held)]), new Subset(images, held))
            : throw new ArgumentException(
                "Each image is the only one of one of its classes, so that none can be held out to choose the best epoch: add images, or "
                + "take those from elsewhere.");

        bool TryHold(int image)
        {
            images.CopyLabels(image, own);
            for (int label = 0; label < left.Length; label++)
            {
                if (own[label] > 0 && left[label] == 1)
                    return false;
            }

            for (int label = 0; label < left.Length; label++)
                left[label] -= own[label];
            return true;
        }
    }

    /// <summary>Whether a file holds a task.</summary>
    public static bool IsTask(string path)
    {
        try
        {
            TaskFile.Inspect(path);
            return true;
        }
        catch (WeightFileException)
        {
            return false;
        }
    }

    /// <summary>Whether a class is one of the task's: files of 0.1.0 also name those that only the head has.</summary>
    public static bool IsUsed(string className) => !className.StartsWith(UnusedPrefix, StringComparison.Ordinal);

    // What 0.1.0 called the classes that its heads had beside the task's.
    private const string UnusedPrefix = "/unused/";
}
