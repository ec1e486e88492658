using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace VptDsl.Tool.Reports;

/// <summary>HTML that goes into a page as it is. What is put into it by interpolation is text, unless it is markup itself.</summary>
/// <param name="Text">The HTML.</param>
internal readonly record struct Markup(string Text)
{
    /// <summary>Nothing.</summary>
    public static Markup Empty { get; } = new("");

    /// <summary>Writes markup; texts between are escaped, and numbers are the same in every culture.</summary>
    public static Markup Of(Interpolation interpolation) => new(interpolation.Text);

    /// <summary>Pieces one after the other.</summary>
    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    /// <summary>A name that somebody chose: isolated, so that one which is written from right to left turns nothing else around.</summary>
    public static Markup Name(string name) => Of($"<bdi>{Printable.Of(name)}</bdi>");

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Escapes what an interpolated string has between its literals.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Interpolation(int literalLength, int formattedCount)
    {
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder _text = new(literalLength + (8 * formattedCount));

        /// <summary>What was written.</summary>
        public string Text => _text.ToString();

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

        public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => _text.Append(Encoder.Encode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
