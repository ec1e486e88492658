using Microsoft.CodeAnalysis.Text;

namespace VptDsl.Generators.Tests.Harness;

/// <summary>Source text in which <c>[|</c> and <c>|]</c> mark where a diagnostic belongs.</summary>
/// <param name="Text">The source without the marks.</param>
/// <param name="Spans">What was marked, in order.</param>
internal sealed record MarkedSource(string Text, IReadOnlyList<TextSpan> Spans)
{
    private const string Open = "[|";
    private const string Close = "|]";

    public static MarkedSource Parse(string marked)
    {
        var spans = new List<TextSpan>();
        string text = marked.ReplaceLineEndings("\n");
        for (int start = text.IndexOf(Open, StringComparison.Ordinal); start >= 0; start = text.IndexOf(Open, StringComparison.Ordinal))
        {
            text = text.Remove(start, Open.Length);
            int end = text.IndexOf(Close, start, StringComparison.Ordinal);
            text = text.Remove(end, Close.Length);
            spans.Add(TextSpan.FromBounds(start, end));
        }

        return new MarkedSource(text, spans);
    }
}
