namespace VptDsl.Data;

/// <summary>Says what a set holds, for logs and debuggers.</summary>
internal static class SetText
{
    public static string Of(IImageSource set) => FormattableString.Invariant(
        $"{set.Count} images of shape {set.Shape}, {set.ClassNames.Count} classes");
}
