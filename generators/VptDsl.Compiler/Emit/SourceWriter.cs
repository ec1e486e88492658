using System.Globalization;
using System.Text;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Emit;

/// <summary>Writes indented C#. Lines end in \n on every machine.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public override string ToString() => _text.ToString();

    /// <summary>One line, or several: each gets the current indentation.</summary>
    public SourceWriter Line(string lines = "")
    {
        foreach (string line in lines.Split('\n'))
        {
            if (line.Length > 0)
                _text.Append(' ', 4 * _depth).Append(line);
            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Opens a brace after the header, and closes it when disposed.</summary>
    public Scope Block(string header, string close = "}")
    {
        Line(header).Line("{");
        _depth++;
        return new Scope(this, close);
    }

    /// <summary>Lines one step further in: the body of an expression.</summary>
    public SourceWriter Indented(string lines)
    {
        _depth++;
        Line(lines);
        _depth--;
        return this;
    }

    public SourceWriter Summary(string text) => Line($"/// <summary>{Escape(text)}</summary>");

    /// <summary>A float literal, the same under every culture.</summary>
    public static string Literal(double value) => InvariantNumbers.Shortest((float)value) + "f";

    public static string Literal(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text as a literal, whatever stands in it.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            literal.Append(c switch
            {
                '"' or '\\' => $"\\{c}",
                < ' ' or '\u007F' or '\u0085' or '\u2028' or '\u2029' => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A count for people: 1,234,567.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    internal readonly struct Scope(SourceWriter writer, string close) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Line(close);
        }
    }
}
