namespace VptDsl.Data;

/// <summary>Divides a set in two, by chance but always the same for a seed.</summary>
public static class Split
{
    private const long Purpose = 0x73706C6974;

    /// <summary>Divides a set so that both parts have the classes in the same proportions, as far as whole images allow.</summary>
    /// <param name="source">The set to divide.</param>
    /// <param name="firstCount">The number of images in the first part, from 0 to all.</param>
    /// <param name="seed">Which images go where.</param>
    /// <returns>The two parts; each keeps the set's order.</returns>
    /// <remarks>
    /// Every class gives its share rounded down; the images still missing come one each from the classes whose share was cut most,
    /// the lower label first where that ties.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="firstCount"/> is negative or more than the set has.</exception>
    /// <exception cref="ArgumentException">
    /// Both parts get images, but no class has more than one; or an image's label is no class; or images have several.
    /// </exception>
    public static (Subset First, Subset Second) Stratified(IImageSource source, int firstCount, long seed)
    {
        CheckCount(source, firstCount);
        if (source.IsMultiLabel)
        {
            throw new ArgumentException(
                $"Images of several classes have no class whose proportions could be kept: take {nameof(Split)}.{nameof(Shuffled)}.",
                nameof(source));
        }

        ClassList.Require(source.ClassNames, nameof(source));
        var byClass = new List<int>[source.ClassNames.Count];
        for (int label = 0; label < byClass.Length; label++)
            byClass[label] = [];
        for (int i = 0; i < source.Count; i++)
        {
            int label = source.Label(i);
            if ((uint)label >= (uint)byClass.Length)
            {
                throw new ArgumentException(
                    $"Image {i} has label {label}, but the {byClass.Length} classes have labels 0 to {byClass.Length - 1}: "
                    + "correct the label or name more classes.", nameof(source));
            }

            byClass[label].Add(i);
        }

        if (firstCount > 0 && firstCount < source.Count && byClass.All(images => images.Count <= 1))
        {
            throw new ArgumentException(
                "The set has one image a class, so that no class can be in both parts: add images, or take the second part from elsewhere.",
                nameof(source));
        }

        int[] shares = Shares([.. byClass.Select(images => images.Count)], firstCount);
        bool[] inFirst = new bool[source.Count];
        for (int label = 0; label < byClass.Length; label++)
        {
            int[] images = [.. byClass[label]];
            new RandomStream(seed, Purpose, label).Shuffle<int>(images);
            foreach (int image in images.AsSpan(0, shares[label]))
                inFirst[image] = true;
        }

        return Divide(source, inFirst);
    }

    /// <summary>Divides a set without regard to classes.</summary>
    /// <param name="source">The set to divide.</param>
    /// <param name="firstCount">The number of images in the first part, from 0 to all.</param>
    /// <param name="seed">Which images go where.</param>
    /// <returns>The two parts; each keeps the set's order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="firstCount"/> is negative or more than the set has.</exception>
    public static (Subset First, Subset Second) Shuffled(IImageSource source, int firstCount, long seed)
    {
        CheckCount(source, firstCount);
        int[] images = [.. Enumerable.Range(0, source.Count)];
        new RandomStream(seed, Purpose).Shuffle<int>(images);
        bool[] inFirst = new bool[source.Count];
        foreach (int image in images.AsSpan(0, firstCount))
            inFirst[image] = true;
        return Divide(source, inFirst);
    }

    private static void CheckCount(IImageSource source, int firstCount)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Count < 0)
            throw new ArgumentException($"The set says that it has {source.Count} images: its Count must be their number.", nameof(source));
        if (firstCount < 0 || firstCount > source.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstCount), firstCount, $"The set has {source.Count} images: the first part can have 0 to {source.Count} of them.");
        }
    }

    private static int[] Shares(int[] classSizes, int total)
    {
        long all = Math.Max(1, classSizes.Sum(size => (long)size));
        int[] shares = [.. classSizes.Select(size => (int)((long)size * total / all))];
        int missing = total - shares.Sum();
        IEnumerable<int> mostCut = Enumerable.Range(0, classSizes.Length)
            .OrderByDescending(label => (long)classSizes[label] * total % all)
            .ThenBy(label => label);
        foreach (int label in mostCut.Take(missing))
            shares[label]++;
        return shares;
    }

    private static (Subset First, Subset Second) Divide(IImageSource source, bool[] inFirst)
    {
        int[] all = [.. Enumerable.Range(0, source.Count)];
        return (new Subset(source, [.. all.Where(i => inFirst[i])]), new Subset(source, [.. all.Where(i => !inFirst[i])]));
    }
}
