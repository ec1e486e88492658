using System.Globalization;
using VptDsl.Data;

namespace VptDsl.Training;

/// <summary>Says how many images of a run's sets lie on their side for the model.</summary>
internal static class OrientationAdvice
{
    /// <summary>A warning of the images that were read so far; null if none has an orientation that is ignored.</summary>
    public static string? Warning(params IEnumerable<IImageSource?> sources)
    {
        string[] names =
        [
            .. from files in sources.OfType<IImageSource>().Select(IDerivedSource.Root).OfType<IFileSource>().Distinct()
               from index in files.Turned.Indices
               select files.NameOf(index),
        ];
        return names.Length == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{names.Length} of the images carry a camera's orientation (EXIF), which is ignored, as Pillow ignores it: {names[0]}"
            + $"{(names.Length > 1 ? ", …" : "")}. Use pipeline.Upright(), or vpt's --upright, if the model is to see them upright.");
    }
}
