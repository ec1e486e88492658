using System.Collections.Immutable;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>The parts of a fine-grained set.</summary>
public enum FgvcSplit
{
    /// <summary><c>train.json</c>.</summary>
    Train,

    /// <summary><c>val.json</c>: held out of the training images to choose settings with.</summary>
    Val,

    /// <summary><c>test.json</c>.</summary>
    Test,
}

/// <summary>
/// A fine-grained set (CUB, NABirds, Flowers, Dogs, Cars) in the layout of the paper's code: a folder with <c>train.json</c>,
/// <c>val.json</c> and <c>test.json</c>, each an object of image paths and class ids, beside the images.
/// </summary>
/// <remarks>
/// A class's label is the rank of its id among the ids of <em>all</em> lists. The paper's code ranks within each list, so that a class
/// missing from one shifts the labels of those that follow it there, and training and testing disagree without a word.
/// </remarks>
public sealed class FgvcData
{
    private readonly IReadOnlyDictionary<FgvcSplit, ImmutableArray<JsonListEntry>> _splits;
    private readonly Dictionary<string, int> _labels = [];
    private readonly string _root;
    private readonly string _images;

    private FgvcData(string root, string images, Dictionary<FgvcSplit, ImmutableArray<JsonListEntry>> splits)
    {
        _root = root;
        _images = images;
        _splits = splits;
        string[] ids = [.. splits.Values.SelectMany(entries => entries.Select(entry => entry.ClassId)).Distinct()];
        Array.Sort(ids, CompareIds);
        for (int label = 0; label < ids.Length; label++)
            _labels[ids[label]] = label;
        ClassNames = ids;
    }

    /// <summary>The class ids of all lists, in the order of their labels: numbers by value, before other ids by code.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The lists that are there.</summary>
    public IReadOnlyCollection<FgvcSplit> Splits => [.. _splits.Keys.Order()];

    /// <summary>Reads the lists.</summary>
    /// <param name="root">The folder with the lists.</param>
    /// <param name="images">
    /// The folder that paths in the lists start from. Left out: the root or its <c>images</c> or <c>Images</c> folder, whichever has
    /// the first image listed.
    /// </param>
    /// <exception cref="ImageDataException">There are no lists, or one is broken.</exception>
    public static FgvcData Open(string root, string? images = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var splits = new Dictionary<FgvcSplit, ImmutableArray<JsonListEntry>>();
        foreach (FgvcSplit split in Enum.GetValues<FgvcSplit>())
        {
            string list = ListPath(root, split);
            if (File.Exists(list))
                splits[split] = JsonList.Read(list);
        }

        return splits.Count == 0
            ? throw new ImageDataException(
                root, "there is no train.json, val.json or test.json in it",
                "Give the folder that holds these lists of images and classes.")
            : new FgvcData(root, images ?? FindImages(root, splits.Values.First()[0].Path), splits);
    }

    /// <summary>Reads one list's images, or those of several together (train and val for the final model).</summary>
    /// <param name="pipeline">What happens to each image: <see cref="Transforms.FgvcTrain"/> or <see cref="Transforms.FgvcTest"/>.</param>
    /// <param name="splits">One list or more.</param>
    /// <returns>The images in the lists' order.</returns>
    /// <exception cref="ImageDataException">A list or an image is missing.</exception>
    public PixelImages Read(ImagePipeline pipeline, params ReadOnlySpan<FgvcSplit> splits)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var entries = new List<FileEntry>();
        foreach (FgvcSplit split in splits)
        {
            string list = ListPath(_root, split);
            if (!_splits.TryGetValue(split, out ImmutableArray<JsonListEntry> listed))
                throw new ImageDataException(list, "there is no such list", $"This set has {string.Join(" and ", Splits)} only.");
            entries.AddRange(listed.Select(
                (entry, i) => new FileEntry(Path.Combine(_images, entry.Path), _labels[entry.ClassId], list, i + 1)));
        }

        return entries.Count == 0
            ? throw new ArgumentException("Name one list or more, for instance FgvcSplit.Train.", nameof(splits))
            : new PixelImages(new FileStore([.. entries], ClassNames), pipeline);
    }

    /// <summary>The lists, how many images each has, and the number of classes.</summary>
    public override string ToString() =>
        string.Join(", ", Splits.Select(split => FormattableString.Invariant($"{split} {_splits[split].Length}")))
        + FormattableString.Invariant($"; {ClassNames.Count} classes");

    private static string ListPath(string root, FgvcSplit split) => Path.Combine(root, split.ToString().ToLowerInvariant() + ".json");

    private static string FindImages(string root, string image) =>
        new[] { root, Path.Combine(root, "images"), Path.Combine(root, "Images") }
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, image)), root);

    private static int CompareIds(string first, string second)
    {
        bool isNumber = long.TryParse(first, out long a), otherIsNumber = long.TryParse(second, out long b);
        if (isNumber && otherIsNumber)
            return a.CompareTo(b);
        return isNumber == otherIsNumber ? string.CompareOrdinal(first, second) : otherIsNumber.CompareTo(isNumber);
    }
}
