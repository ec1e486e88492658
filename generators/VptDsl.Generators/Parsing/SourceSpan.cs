using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace VptDsl.Generators.Parsing;

/// <summary>A place in the source as a plain value: a <see cref="Location"/> would keep its whole syntax tree alive.</summary>
internal sealed record SourceSpan(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static SourceSpan Of(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    /// <summary>The place in the present sources: pragmas and suppressions hold only where a location knows its tree.</summary>
    public Location ToLocation(Compilation compilation) =>
        compilation.SyntaxTrees.FirstOrDefault(t => t.FilePath == Path && Span.End <= t.Length) is { } tree
            ? Location.Create(tree, Span)
            : Location.Create(Path, Span, Lines);
}
