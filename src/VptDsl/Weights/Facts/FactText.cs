using System.Globalization;

namespace VptDsl.Weights;

/// <summary>Facts as text, the same in every culture.</summary>
internal static class FactText
{
    /// <summary>A number.</summary>
    public static string Of(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Numbers of stages.</summary>
    public static string Of(IEnumerable<int> numbers) => string.Join(',', numbers.Select(number => Of(number)));
}
