using System.Globalization;

namespace VptDsl.Compiler.Common;

/// <summary>
/// Numbers as text, the shortest that reads back as the same number: the runtime's own format for that gives other digits where an editor
/// runs the compiler on .NET Framework, and what is written must be the same on every machine.
/// </summary>
internal static class InvariantNumbers
{
    private const int DoubleDigits = 15, MostDoubleDigits = 17, SingleDigits = 7, MostSingleDigits = 9;

    public static string Shortest(double value)
    {
        for (int digits = DoubleDigits; digits < MostDoubleDigits; digits++)
        {
            string text = Text(value, digits);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double read) && read.Equals(value))
                return text;
        }

        return Text(value, MostDoubleDigits);
    }

    public static string Shortest(float value)
    {
        for (int digits = SingleDigits; digits < MostSingleDigits; digits++)
        {
            string text = Text(value, digits);
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float read) && read.Equals(value))
                return text;
        }

        return Text(value, MostSingleDigits);
    }

    private static string Text(IFormattable value, int digits) => value.ToString($"G{digits}", CultureInfo.InvariantCulture);
}
