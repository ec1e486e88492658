namespace VptDsl.Data;

/// <summary>Finds out what happens to a set's images before a model gets them.</summary>
internal static class SourcePipeline
{
    /// <summary>The pipeline of a set, or of the set that it is a part of; null if it has none.</summary>
    public static ImagePipeline? Of(IImageSource source) => IDerivedSource.Root(source) switch
    {
        PixelImages images => images.Pipeline,
        SegmentationImages images => images.Pipeline,
        _ => null,
    };
}
