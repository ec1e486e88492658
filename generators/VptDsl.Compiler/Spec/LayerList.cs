using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A list of layers as written, for instance <c>0,3..5,^1</c>, before the depth of the backbone is known.</summary>
/// <remarks>
/// Grammar: <c>list = term {"," term}</c>, <c>term = layer | [layer] ".." [layer]</c>, <c>layer = ["^"] digits</c>;
/// white space is allowed around each of them. Ranges include both ends; <c>^n</c> is layer <c>depth - n</c>.
/// </remarks>
internal sealed record LayerList(EquatableArray<LayerTerm> Terms)
{
    /// <summary>Every layer of any backbone.</summary>
    public static LayerList All { get; } = new(EquatableArray.Of(new LayerTerm("..", LayerBound.First, LayerBound.Last)));

    /// <summary>Reads a list; <paramref name="complaint"/> says what cannot be read.</summary>
    public static LayerList? Parse(string text, out string complaint)
    {
        complaint = "";
        if (string.IsNullOrWhiteSpace(text))
        {
            complaint = "it names no layer";
            return null;
        }

        var terms = new List<LayerTerm>();
        foreach (string term in text.Split(',').Select(t => t.Trim()))
        {
            if (LayerTerm.Parse(term) is not { } read)
            {
                complaint = term.Length == 0 ? "a layer is missing beside a comma" : $"'{term}' is neither a layer nor a range";
                return null;
            }

            terms.Add(read);
        }

        return new LayerList(terms.ToEquatableArray());
    }

    /// <summary>The layers meant, ascending and each once. Every term must be <see cref="LayerTerm.IsInside"/> and not empty.</summary>
    public EquatableArray<int> Of(int depth) =>
        Terms.SelectMany(t => Enumerable.Range(t.First.Of(depth), t.Last.Of(depth) - t.First.Of(depth) + 1))
            .Distinct()
            .OrderBy(layer => layer)
            .ToEquatableArray();

    /// <summary>The list with the nearest layer for each that the backbone does not have.</summary>
    public LayerList Inside(int depth) => new(Terms.Select(t => t.Inside(depth)).ToEquatableArray());

    /// <summary>The list with the lower end of each range first.</summary>
    public LayerList InOrder(int depth) =>
        new(Terms.Select(t => t.IsEmpty(depth) ? LayerTerm.Between(t.Last, t.First) : t).ToEquatableArray());

    /// <summary>The list as users write it.</summary>
    public override string ToString() => string.Join(",", Terms.Select(t => t.Text));
}

/// <summary>One layer or one range of layers, with the text it was read from.</summary>
internal sealed record LayerTerm(string Text, LayerBound First, LayerBound Last)
{
    /// <summary>Whether both ends are layers of a backbone of that depth.</summary>
    public bool IsInside(int depth) => First.IsInside(depth) && Last.IsInside(depth);

    /// <summary>Whether the first layer lies behind the last.</summary>
    public bool IsEmpty(int depth) => First.Of(depth) > Last.Of(depth);

    /// <summary>The term with the nearest layers that the backbone has.</summary>
    public LayerTerm Inside(int depth) => IsInside(depth) ? this : Between(First.Inside(depth), Last.Inside(depth));

    public static LayerTerm Between(LayerBound first, LayerBound last) => new(first == last ? $"{first}" : $"{first}..{last}", first, last);

    internal static LayerTerm? Parse(string text)
    {
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
            return LayerBound.Parse(text) is { } layer ? new LayerTerm(text, layer, layer) : null;

        string before = text.Substring(0, dots).Trim();
        string after = text.Substring(dots + 2).Trim();
        LayerBound? first = before.Length == 0 ? LayerBound.First : LayerBound.Parse(before);
        LayerBound? last = after.Length == 0 ? LayerBound.Last : LayerBound.Parse(after);
        return first is null || last is null ? null : new LayerTerm(text, first, last);
    }
}

/// <summary>A layer counted from the first (0) or, with <c>^</c>, from behind the last (<c>^1</c>).</summary>
internal sealed record LayerBound(int Number, bool FromEnd)
{
    public static LayerBound First { get; } = new(0, FromEnd: false);

    public static LayerBound Last { get; } = new(1, FromEnd: true);

    public int Of(int depth) => FromEnd ? depth - Number : Number;

    public bool IsInside(int depth) => Of(depth) >= 0 && Of(depth) < depth;

    public LayerBound Inside(int depth) =>
        FromEnd ? this with { Number = Math.Min(Math.Max(Number, 1), depth) } : this with { Number = Math.Min(Number, depth - 1) };

    /// <summary>The layer as users write it.</summary>
    public override string ToString() => FormattableString.Invariant($"{(FromEnd ? "^" : "")}{Number}");

    internal static LayerBound? Parse(string text)
    {
        bool fromEnd = text.StartsWith("^", StringComparison.Ordinal);
        string digits = fromEnd ? text.Substring(1).Trim() : text;
        if (digits.Length == 0 || digits.Any(c => c is < '0' or > '9'))
            return null;
        // A number too long for an int is a layer all the same, only one that no backbone has.
        bool fits = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return new LayerBound(fits ? number : int.MaxValue, fromEnd);
    }
}
