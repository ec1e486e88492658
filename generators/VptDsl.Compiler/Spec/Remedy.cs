namespace VptDsl.Compiler.Spec;

/// <summary>The edit that makes a declaration right, where one answer stands out: editors offer it.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Argument">The argument that it is done to.</param>
/// <param name="Text">What is to be written: an attribute, or an argument's value, as C#.</param>
internal sealed record Remedy(RemedyKind Kind, string Argument = "", string Text = "")
{
    public static Remedy MakePartial { get; } = new(RemedyKind.MakePartial);

    /// <summary>Takes away the attribute that the problem points at.</summary>
    public static Remedy RemoveAttribute { get; } = new(RemedyKind.RemoveAttribute);

    public static Remedy AddAttribute(string text) => new(RemedyKind.AddAttribute, Text: text);

    /// <summary>Leaves an argument out, which gives it its default.</summary>
    public static Remedy RemoveArgument(string argument) => new(RemedyKind.RemoveArgument, argument);

    public static Remedy WriteArgument(string argument, string text) => new(RemedyKind.WriteArgument, argument, text);

    public static Remedy WriteArgument(string argument, int number) =>
        WriteArgument(argument, FormattableString.Invariant($"{number}"));

    /// <summary>Of two numbers of which one must divide the other, changes one that is written, and as little as possible.</summary>
    /// <param name="attribute">The attribute that has them.</param>
    /// <param name="whole">The arguments that may say the number to divide, the first that is written counts.</param>
    /// <param name="value">That number.</param>
    /// <param name="parts">The arguments that may say by what, which change only where the number is not written.</param>
    /// <param name="divisor">By what.</param>
    public static Remedy? MakeDivisible(DeclaredAttribute attribute, string[] whole, int value, string[] parts, int divisor) =>
        attribute.Written(whole) is { } dividend ? WriteMultiple(dividend, value, divisor)
            : attribute.Written(parts) is { } part ? WriteArgument(part, NearestDivisor(value, divisor))
            : null;

    private static Remedy? WriteMultiple(string argument, int value, int divisor)
    {
        long nearest = new Multiples(value, divisor).Nearest;
        return nearest > int.MaxValue ? null : WriteArgument(argument, (int)nearest);
    }

    private static int NearestDivisor(int value, int divisor)
    {
        int less = Math.Min(divisor, value);
        while (value % less != 0)
            less--;
        for (int more = divisor; more - divisor <= divisor - less && more <= value; more++)
        {
            if (value % more == 0)
                return more;
        }

        return less;
    }
}

/// <summary>What can be done about a declaration.</summary>
internal enum RemedyKind
{
    MakePartial,
    AddAttribute,
    RemoveAttribute,
    WriteArgument,
    RemoveArgument,
}
