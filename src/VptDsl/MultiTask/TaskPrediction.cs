using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.MultiTask;

/// <summary>What a task says of an image.</summary>
/// <param name="Task">The task's name; of an ensemble all names, with "+" between them.</param>
/// <param name="Probabilities">The probability of each class; their sum is 1.</param>
/// <param name="ClassNames">The classes' names, in the same order; their numbers where the task file has none.</param>
public sealed record TaskPrediction(string Task, ImmutableArray<float> Probabilities, ImmutableArray<string> ClassNames)
{
    /// <summary>The images of the batch that the image was computed in; they may be of other tasks.</summary>
    public int Batch { get; init; }

    /// <summary>The most probable class.</summary>
    public string ClassName => Top(1)[0].ClassName;

    /// <summary>The task, and its most probable class.</summary>
    public override string ToString()
    {
        (string name, float probability) = Top(1)[0];
        return string.Create(CultureInfo.InvariantCulture, $"{Task}: {name} with {probability:P1}");
    }

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
