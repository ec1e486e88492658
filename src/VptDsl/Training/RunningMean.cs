namespace VptDsl.Training;

/// <summary>The mean loss and the accuracy of the images seen so far.</summary>
internal struct RunningMean
{
    private double _lossSum;
    private int _correct;

    /// <summary>The number of images seen.</summary>
    public int Count { get; private set; }

    /// <summary>Their mean loss; NaN before the first.</summary>
    public readonly double Loss => _lossSum / Count;

    /// <summary>The share classified right, from 0 to 1; NaN before the first.</summary>
    public readonly double Accuracy => _correct / (double)Count;

    /// <summary>Adds an image.</summary>
    public void Add(double loss, bool correct)
    {
        Count++;
        _lossSum += loss;
        _correct += correct ? 1 : 0;
    }
}
