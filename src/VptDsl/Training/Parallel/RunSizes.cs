namespace VptDsl.Training.Parallel;

/// <summary>How much there is of everything in a run.</summary>
internal sealed record RunSizes(int Epochs, int StepsPerEpoch, int ShardsPerStep, int ValidationBatches)
{
    /// <summary>The most images of a shard.</summary>
    public required int LargestShard { get; init; }

    /// <summary>The sizes of a run.</summary>
    public static RunSizes Of(RunTerms terms)
    {
        FitOptions options = terms.Options;
        int images = terms.Train.Count, batch = Math.Min(options.BatchSize, images), shard = Math.Min(options.LargestBatch, batch);
        int measured = terms.Validation?.Count ?? 0, measuredBatch = Math.Max(1, Math.Min(options.LargestBatch, measured));
        return new(options.Epochs, Ratio(images, batch), Ratio(batch, shard), Ratio(measured, measuredBatch))
        {
            LargestShard = Math.Max(shard, measuredBatch),
        };
    }

    private static int Ratio(int count, int each) => (int)(((long)count + each - 1) / each);
}
