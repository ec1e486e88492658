using System.Globalization;

namespace VptDsl.Weights;

/// <summary>A value with where it was said, so that nothing is taken for known that was only guessed.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it was said, for instance <c>preprocessor_config.json</c>.</param>
public sealed record Stated<T>(T Value, string Source)
    where T : notnull
{
    /// <summary>The value, and where it was said in parentheses.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} ({Source})");
}
