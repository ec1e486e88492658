using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Common;

namespace VptDsl.Data.Stores;

/// <summary>The files of a set that lies in several ("shards"), which one text names.</summary>
internal static partial class ShardNames
{
    private const int MostShards = 100_000;

    private static readonly EnumerationOptions Wildcards = new() { MatchType = MatchType.Simple, IgnoreInaccessible = false };

    /// <summary>The files that a text stands for.</summary>
    /// <param name="shards">
    /// A file; a range of numbers in braces, with zeros in front as written; or a file name with <c>*</c> and <c>?</c>, for those that
    /// there are, by name.
    /// </param>
    /// <exception cref="ArgumentException">There are braces without a range of numbers in them.</exception>
    /// <exception cref="ImageDataException">No file matches.</exception>
    public static IEnumerable<string> Expand(string shards) => Numbered(shards).SelectMany(Matching);

    private static IEnumerable<string> Numbered(string shards)
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

    private static IEnumerable<string> Matching(string shard)
    {
        string name = Path.GetFileName(shard);
        if (!name.AsSpan().ContainsAny('*', '?') || File.Exists(shard))
            return [shard];
        string folder = shard[..^name.Length];
        string[] found = FilesIn(folder.Length == 0 ? "." : folder, name);
        return found.Length > 0
            ? found.Order(StringComparer.Ordinal).Select(file => folder + file)
            : throw new ImageDataException(shard, "there is no file of such a name", "Give the shards of an image set.");
    }

    private static string[] FilesIn(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, pattern, Wildcards).Select(file => Path.GetFileName(file))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageDataException(
                folder, $"the folder cannot be read ({e.Message.TrimEnd('.')})", "Allow it to be read.", innerException: e);
        }
    }

    [GeneratedRegex(@"^(?<before>[^{}]*)\{(?<from>[0-9]{1,9})\.\.(?<to>[0-9]{1,9})\}(?<after>[^{}]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
