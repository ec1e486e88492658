using VptDsl.Data;

namespace VptDsl.Training;

/// <summary>Says what of the folders of a run's sets is not in them.</summary>
internal static class PassedOverAdvice
{
    /// <summary>A warning for each set that left something out; parts of one set share theirs.</summary>
    public static IEnumerable<string> Warnings(params IEnumerable<IImageSource?> sources) => sources
        .Select(Images).OfType<PixelImages>().Where(images => !images.PassedOver.IsEmpty)
        .Select(images => $"Not read beside {images.NameOf(0)} and the other images: {string.Join("; ", images.PassedOver)}.").Distinct();

    private static PixelImages? Images(IImageSource? source) => source is Subset part ? Images(part.Source) : source as PixelImages;
}
