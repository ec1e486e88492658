using System.Globalization;

namespace VptDsl.Tests;

/// <summary>Cultures that need no data of the machine's.</summary>
internal static class Cultures
{
    /// <summary>One that writes no sign as the invariant culture does, as real ones differ in one or two.</summary>
    public static CultureInfo OfOtherSigns { get; } = Create();

    private static CultureInfo Create()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = "\u00a0",
            PercentDecimalSeparator = ",",
            NegativeSign = "\u2212",
            NaNSymbol = "¤",
            PositiveInfinitySymbol = "∞",
        };
        return culture;
    }
}
