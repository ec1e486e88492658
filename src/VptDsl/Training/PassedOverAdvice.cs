using System.Globalization;
using VptDsl.Data;

namespace VptDsl.Training;

/// <summary>Says what of the files of a run's sets is not in them, or is more than once.</summary>
internal static class PassedOverAdvice
{
    /// <summary>Warnings for each set that left something out or has it twice; parts of one set share theirs.</summary>
    public static IEnumerable<string> Warnings(params IEnumerable<IImageSource?> sources) => sources
        .OfType<IImageSource>().Select(IDerivedSource.Root).OfType<IFileSource>().SelectMany(OfSet).Distinct();

    private static IEnumerable<string> OfSet(IFileSource files)
    {
        string others = $"{files.NameOf(0)} and the other images";
        if (!files.PassedOver.IsEmpty)
            yield return $"Not read beside {others}: {string.Join("; ", files.PassedOver)}.";
        if (files.Repeated > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Listed more than once among {others}: {files.Repeated} lines repeat an earlier one.");
        }
    }
}
