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

    /// <summary>How many of them that can be said of; not of an image none of whose pixels counts.</summary>
    public int Judged { get; private set; }

    /// <summary>Their mean loss; NaN before the first.</summary>
    public readonly double Loss => LossSum / Count;

    /// <summary>The share classified right, from 0 to 1; 0 where it can be said of none, NaN before the first image.</summary>
    public readonly double Accuracy => Judged == 0 && Count > 0 ? 0 : Correct / Judged;

    /// <summary>A mean that goes on where another stopped.</summary>
    public static RunningMean From(int count, double lossSum, double correct, int judged) =>
        new() { Count = count, LossSum = lossSum, Correct = correct, Judged = judged };

    /// <summary>Adds an image.</summary>
    public void Add(ImageScore score)
    {
        Count++;
        LossSum += score.Loss;
        if (double.IsNaN(score.Correct))
            return;
        Correct += score.Correct;
        Judged++;
    }
}
