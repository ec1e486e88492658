using VptDsl.Data;

namespace VptDsl.Training.Batches;

/// <summary>Chooses how a set is read.</summary>
internal static class BatchReaders
{
    /// <summary>
    /// A reader for a set: ahead on other threads, unless its images lie ready in memory and threads would only get in the way.
    /// </summary>
    /// <param name="source">The set.</param>
    /// <param name="largestBatch">The most images a batch will have.</param>
    /// <param name="transforms">Augmentation; none for evaluation.</param>
    /// <param name="seed">The seed of the augmentation.</param>
    /// <param name="augments">Whether the set's own augmentation takes part: in training.</param>
    /// <param name="cancellation">Ends waiting for an image.</param>
    public static IBatchReader Open(
        IImageSource source, int largestBatch, IReadOnlyList<IImageTransform> transforms, long seed, bool augments,
        CancellationToken cancellation = default) => IsInMemory(source)
            ? new BatchReader(source, largestBatch, transforms, seed, augments)
            : new BatchPrefetcher(source, largestBatch, transforms, seed, augments, cancellation: cancellation);

    private static bool IsInMemory(IImageSource source) => IDerivedSource.Root(source) is ImageSet or SegmentationSet;
}
