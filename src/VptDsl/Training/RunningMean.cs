namespace VptDsl.Training;

/// <summary>The mean loss and the accuracy of the images seen so far.</summary>
internal struct RunningMean
{
    /// <summary>The number of images seen.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of their losses.</summary>
    public double LossSum { get; private set; }

    /// <summary>How many were classified right; of one with a label map, which share of its pixels.</summary>
    public double Correct { get; private set; }

    /// <summary>Their mean loss; NaN before the first.</summary>
    public readonly double Loss => LossSum / Count;

    /// <summary>The share classified right, from 0 to 1; NaN before the first.</summary>
    public readonly double Accuracy => Correct / Count;

    /// <summary>A mean that goes on where another stopped.</summary>
    public static RunningMean From(int count, double lossSum, double correct) =>
        new() { Count = count, LossSum = lossSum, Correct = correct };

    /// <summary>Adds an image.</summary>
    public void Add(double loss, double correct)
    {
        Count++;
        LossSum += loss;
        Correct += correct;
    }
}
