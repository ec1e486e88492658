using VptDsl.Programs;

namespace VptDsl.Training.Parallel;

/// <summary>What came of a shard. Its arrays are used again in the next round.</summary>
internal sealed class ShardResult
{
    /// <summary>The shard's number.</summary>
    public int Shard { get; set; }

    /// <summary>How many of its labels count.</summary>
    public float Counting { get; set; }

    /// <summary>How the model did on each image.</summary>
    public List<ImageScore> Scores { get; } = [];

    /// <summary>Of a batch that was measured, where images have label maps: which class was taken for which, and how often.</summary>
    public List<ConfusedPair> Confusion { get; } = [];

    /// <summary>The gradients of a shard of a step; the rest leaves them as they were.</summary>
    public float[] Gradients { get; private set; } = [];

    /// <summary>The running statistics after a shard of a step.</summary>
    public float[] Measured { get; private set; } = [];

    /// <summary>Makes room for a model's gradients and statistics.</summary>
    public void Reserve(ModelDescription model)
    {
        if (Gradients.Length != model.TrainedFloats)
            Gradients = new float[model.TrainedFloats];
        if (Measured.Length != model.MeasuredFloats)
            Measured = new float[model.MeasuredFloats];
    }

    /// <summary>Begins another shard.</summary>
    public void Clear(int shard)
    {
        Shard = shard;
        Counting = 0;
        Scores.Clear();
        Confusion.Clear();
    }
}
