using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace VptDsl.Generators.Parsing;

/// <summary>A place in the source as a plain value: a <see cref="Location"/> would keep its whole syntax tree alive.</summary>
internal sealed record SourceSpan(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static SourceSpan Of(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
