using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.MultiTask;

/// <summary>What a task says of an image.</summary>
/// <param name="Task">The task's name; of an ensemble all names, with "+" between them.</param>
/// <param name="Probabilities">The probability of each class; their sum is 1, unless <see cref="IsMultiLabel"/>.</param>
/// <param name="ClassNames">The classes' names, in the same order; their numbers where the task file has none.</param>
public sealed record TaskPrediction(string Task, ImmutableArray<float> Probabilities, ImmutableArray<string> ClassNames)
{
    /// <summary>The probability from which on a class is usually told, where an image can have several: a half.</summary>
    public const float UsualThreshold = 0.5f;

    /// <summary>The images of the batch that the image was computed in; they may be of other tasks.</summary>
    public int Batch { get; init; }

    /// <summary>Whether the image can have several classes, or none: each has a probability of its own.</summary>
    public bool IsMultiLabel { get; init; }

    /// <summary>The most probable class.</summary>
    public string ClassName => Top(1)[0].ClassName;

    /// <summary>The task, and its most probable class; where there can be several, those of a half or more.</summary>
    public override string ToString()
    {
        (string name, float probability) = Top(1)[0];
        if (!IsMultiLabel)
            return string.Create(CultureInfo.InvariantCulture, $"{Task}: {name} with {probability:P1}");
        ImmutableArray<(string ClassName, float Probability)> told = AtLeast(UsualThreshold);
        return told.IsEmpty
            ? $"{Task}: no class"
            : $"{Task}: {string.Join(", ", told.Select(one => string.Create(
                CultureInfo.InvariantCulture, $"{one.ClassName} with {one.Probability:P1}")))}";
    }

    /// <summary>The classes as probable as a threshold or more, the most probable first; equal ones in the classes' order.</summary>
    /// <param name="threshold">The least probability, from 0 to 1; usually <see cref="UsualThreshold"/>.</param>
    public ImmutableArray<(string ClassName, float Probability)> AtLeast(float threshold) =>
        [.. Top(Probabilities.Length).TakeWhile(one => one.Probability >= threshold)];

    /// <summary>The most probable classes, the most probable first; equal ones in the classes' order.</summary>
    /// <param name="count">How many, at least 1; all where there are fewer.</param>
    public ImmutableArray<(string ClassName, float Probability)> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return
        [
            .. Enumerable.Range(0, Probabilities.Length).OrderByDescending(i => Probabilities[i]).Take(count)
                .Select(i => (ClassNames[i], Probabilities[i])),
        ];
    }
}
