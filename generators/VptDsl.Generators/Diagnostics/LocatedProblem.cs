using Microsoft.CodeAnalysis;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Parsing;

namespace VptDsl.Generators.Diagnostics;

/// <summary>A problem and where to show it.</summary>
internal sealed record LocatedProblem(Problem Problem, SourceSpan Span)
{
    /// <summary>What it is about, where the class inherits that.</summary>
    public InheritedPart? Inherited { get; init; }

    /// <summary>The classes that inherit it; empty where it is a class's own.</summary>
    public EquatableArray<string> Heirs { get; init; } = EquatableArray<string>.Empty;

    public static IEnumerable<LocatedProblem> AllOf(LocatedDeclaration located) =>
        SpecResolver.Resolve(located.Declaration).Problems.Select(p => new LocatedProblem(p with { Place = null }, located.Find(p))
        {
            Inherited = located.FindInherited(p),
            Heirs = located.FindInherited(p) is null
                ? EquatableArray<string>.Empty
                : EquatableArray.Of(located.Declaration.Type.Identity.PlainName),
        });

    /// <summary>The problems of all classes: what many inherit of one abstract class is one mistake, and is told once.</summary>
    public static IEnumerable<LocatedProblem> Merge(IEnumerable<LocatedProblem> problems) =>
        problems.GroupBy(p => p with { Heirs = EquatableArray<string>.Empty })
            .Select(same => same.Key with { Heirs = same.SelectMany(p => p.Heirs).ToEquatableArray() });

    public Diagnostic ToDiagnostic(Compilation compilation)
    {
        (DiagnosticDescriptor descriptor, Location place) = (Descriptors.Find(Problem.Id), Span.ToLocation(compilation));
        return Inherited is null
            ? Diagnostic.Create(descriptor, place, [.. Problem.Arguments])
            : Diagnostic.Create(
                Descriptors.Inherited(descriptor, Problem.Arguments.Count), place, [.. Problem.Arguments, Describe(Inherited)]);
    }

    private string Describe(InheritedPart part)
    {
        string more = Heirs.Count > 1 ? FormattableString.Invariant($" and {Heirs.Count - 1} more") : "";
        return $"in [{part.Attribute}] of '{part.Class}', inherited by '{Heirs[0]}'{more}";
    }
}
