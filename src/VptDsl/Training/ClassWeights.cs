using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Data;

namespace VptDsl.Training;

/// <summary>How much an image of each class counts in training, so that rare classes are not passed over.</summary>
/// <remarks>
/// A step's loss is the sum of weight · cross-entropy over its images, divided by their number (not by the sum of their weights), as in the
/// paper's code. There every weight came out as 1, because classes were counted in a list that has each of them once; here they are
/// counted in the training set.
/// </remarks>
public sealed class ClassWeights
{
    private ClassWeights(ImmutableArray<float> values) => Values = values;

    /// <summary>The weights, [classes].</summary>
    public ImmutableArray<float> Values { get; }

    /// <summary>Weights of one's own.</summary>
    /// <param name="weights">[classes]; each finite and 0 or more, one at least above 0.</param>
    /// <exception cref="ArgumentException">A weight makes no sense.</exception>
    public static ClassWeights Of(params ReadOnlySpan<float> weights)
    {
        bool any = false;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!float.IsFinite(weights[i]) || weights[i] < 0)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Class {i} has the weight {weights[i]}: give a finite number, 0 or more."),
                    nameof(weights));
            }

            any |= weights[i] > 0;
        }

        if (!any)
            throw new ArgumentException("No class has a weight above 0, so there is nothing to learn.", nameof(weights));
        return new([.. weights]);
    }

    /// <summary>
    /// Weights against the number of a class's images, so that all classes count the same together: images / (classes · images of the
    /// class), or a power of it. Their mean over the images is 1, so that learning rates keep their meaning; a class without images has
    /// weight 1.
    /// </summary>
    /// <param name="train">The training set; only its labels are read.</param>
    /// <param name="classes">The task's classes, 2 to 1,000,001; as many as the set names where left out.</param>
    /// <param name="power">1 for weights against the number, 0.5 against its square root; from 0 to 1.</param>
    /// <exception cref="ArgumentException">The set has no images, or labels that are no classes.</exception>
    public static ClassWeights Balanced(IImageSource train, int? classes = null, double power = 1)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (train.IsMultiLabel)
            throw new ArgumentException("Images of several classes have no class to be weighed by.", nameof(train));
        int number = classes ?? train.ClassNames.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 2, nameof(classes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, ListFile.MaximumLabel + 1, nameof(classes));
        ArgumentOutOfRangeException.ThrowIfLessThan(power, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(power, 1);
        long[] counts = new long[number];
        if (train.Count <= 0)
            throw new ArgumentException("The set has no images to count.", nameof(train));
        for (int i = 0; i < train.Count; i++)
        {
            int label = train.Label(i);
            if ((uint)label >= (uint)number)
                throw new ArgumentException($"Image {i} has label {label}, but there are classes 0 to {number - 1}.", nameof(train));
            counts[label]++;
        }

        double sum = counts.Where(count => count > 0).Sum(count => count * Math.Pow(count, -power));
        return new([.. counts.Select(count => count == 0 ? 1 : (float)(train.Count * Math.Pow(count, -power) / sum))]);
    }

    /// <summary>The weights, one after another.</summary>
    public override string ToString() => string.Join(' ', Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
