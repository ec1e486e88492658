using VptDsl.Training;

namespace VptDsl.Tool.Reports;

/// <summary>Keeps the mistakes that a model is surest of, however many it makes.</summary>
/// <param name="most">How many to keep.</param>
internal sealed class Mistakes(int most)
{
    private readonly PriorityQueue<Mistake, (float Probability, int Later)> _kept = new();
    private float[] _probabilities = [];

    /// <summary>The mistakes that were made.</summary>
    public int Count { get; private set; }

    /// <summary>The kept ones, the surest first; of equally sure ones the earlier image.</summary>
    public IReadOnlyList<Mistake> Surest =>
        [.. _kept.UnorderedItems.Select(item => item.Element).OrderByDescending(m => m.Probability).ThenBy(m => m.Index)];

    /// <summary>Looks at an image.</summary>
    public void Note(int index, int label, ReadOnlySpan<float> logits)
    {
        int predicted = ClassScores.Predicted(logits);
        if (predicted == label)
            return;
        Count++;
        if (_probabilities.Length != logits.Length)
            _probabilities = new float[logits.Length];
        ClassScores.Probabilities(logits, _probabilities);
        var mistake = new Mistake(index, label, predicted, _probabilities[predicted], _probabilities[label]);
        _kept.Enqueue(mistake, (mistake.Probability, -index));
        if (_kept.Count > most)
            _kept.Dequeue();
    }
}
