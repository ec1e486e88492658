using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace VptDsl.Tool.Shell;

/// <summary>Options that are numbers: read alike in every culture, and refused in words where they make no sense.</summary>
internal static class Number
{
    /// <summary>A number with a usual value.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="usual">The value if left out.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value; any if left out.</param>
    public static Option<T> Option<T>(string name, string description, T usual, T least, T? most = null)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(result, least, most),
        };

    /// <summary>A number that may be left out.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="least">The smallest value.</param>
    public static Option<T?> Optional<T>(string name, string description, T least)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            CustomParser = result => Parse(result, least, most: null),
        };

    private static T Parse<T>(ArgumentResult result, T least, T? most)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        string text = result.Tokens[^1].Value;
        // Without thousands: "1,5" would be 15.
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && value >= least
            && value <= (most ?? T.MaxValue))
        {
            return value;
        }

        string kind = value is int ? "a whole number" : "a number such as 0.5";
        string range = (least == T.MinValue, most) switch
        {
            (true, null) => "",
            (_, null) => string.Create(CultureInfo.InvariantCulture, $", {least} or more"),
            _ => string.Create(CultureInfo.InvariantCulture, $", {least} to {most}"),
        };
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} must be {kind}{range}, and not \"{text}\".");
        return least;
    }
}
