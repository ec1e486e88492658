using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Common;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>
/// Reads image sets in the layout of WebDataset: tar files ("shards") in which files that share a name up to its first dot are one
/// sample, such as <c>000017.jpg</c> and <c>000017.cls</c>.
/// </summary>
/// <remarks>
/// A sample has one image (JPEG, PNG, WebP, BMP or GIF) and its class in <c>.cls</c>, a whole number from 0 as text; other files of a
/// sample are passed over. Shards stay on the disk: their tables of contents are read once, then each image where it lies. Source:
/// https://github.com/webdataset/webdataset.
/// </remarks>
public static partial class WebDataset
{
    private const int MostShards = 100_000;

    /// <summary>Reads shards.</summary>
    /// <param name="shards">
    /// A file, or several as in <c>train-{0000..0012}.tar</c>: the numbers from one to the other, with zeros in front as written.
    /// </param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="classNames">The name of each class. Left out: the labels themselves, 0 to the highest there is.</param>
    /// <returns>The images in the order of the shards.</returns>
    /// <exception cref="ArgumentException"><paramref name="shards"/> has braces without a range of numbers in them.</exception>
    /// <exception cref="ImageDataException">
    /// A shard is missing, compressed or damaged, or a sample lacks its image or its class; the message names shard and sample.
    /// </exception>
    public static PixelImages Read(string shards, ImagePipeline pipeline, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (classNames is not null)
            ClassList.Require(classNames, nameof(classNames));
        int classes = classNames?.Count ?? ListFile.MaximumLabel + 1;
        TarredImage[] images = [.. Expand(shards).SelectMany(shard => TarIndex.Read(shard, classes))];
        if (images.Length == 0)
            throw new ImageDataException(shards, "it has no samples", "Give the shards of an image set, as in train-{0000..0012}.tar.");
        return new PixelImages(
            new TarStore(images, classNames ?? ListFile.NumberNames(images.Max(image => image.Label) + 1)), pipeline);
    }

    /// <summary>The files that a pattern stands for, in order.</summary>
    internal static IEnumerable<string> Expand(string shards)
    {
        if (!shards.AsSpan().ContainsAny('{', '}') || File.Exists(shards))
            return [shards];
        if (Range().Match(shards) is not { Success: true } match
            || !int.TryParse(match.Groups["from"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            || !int.TryParse(match.Groups["to"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int to)
            || to < from || to - from >= MostShards)
        {
            throw new ArgumentException(
                $"{Quoted.Name(shards)} has braces, but no range of at most {MostShards} numbers in them: write it as in "
                + "train-{0000..0012}.tar.", nameof(shards));
        }

        string digits = "D" + match.Groups["from"].Length.ToString(CultureInfo.InvariantCulture);
        return Enumerable.Range(from, to - from + 1)
            .Select(number => number.ToString(digits, CultureInfo.InvariantCulture))
            .Select(number => match.Groups["before"].Value + number + match.Groups["after"].Value);
    }

    [GeneratedRegex(@"^(?<before>[^{}]*)\{(?<from>[0-9]{1,9})\.\.(?<to>[0-9]{1,9})\}(?<after>[^{}]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
